using System.Collections.Immutable;

namespace Weir.Applier.Apply;

/// <summary>Tells who watches what an apply has reached, and keeps the time of its steps.</summary>
public sealed class ApplyProgress(TimeProvider time, Action<ApplyStep>? step, Action<ApplyPoint>? reached)
{
    private readonly ImmutableArray<ApplyStep>.Builder steps = ImmutableArray.CreateBuilder<ApplyStep>();
    private readonly long start = time.GetTimestamp();
    private long last = time.GetTimestamp();

    public ImmutableArray<ApplyStep> Steps => steps.ToImmutable();

    public double Milliseconds => Math.Round(time.GetElapsedTime(start).TotalMilliseconds, 1);

    /// <summary>An instant within a step.</summary>
    public void Reach(ApplyPoint point) => reached?.Invoke(point);

    /// <summary>A step's end.</summary>
    public void Finish(ApplyPoint point, string detail)
    {
        long now = time.GetTimestamp();
        ApplyStep done = new(point.ToString().ToLowerInvariant(), Math.Round(time.GetElapsedTime(last, now).TotalMilliseconds, 1), detail);
        last = now;
        steps.Add(done);
        step?.Invoke(done);
        Reach(point);
    }
}
