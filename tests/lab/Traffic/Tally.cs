using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Weir.Lab.Traffic;

/// <summary>Counts what one kind of client sees; any thread may count.</summary>
public sealed class Tally(string name)
{
    private readonly ConcurrentDictionary<string, long> _backends = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Failure> _failures = new();
    private long _requests;

    /// <summary>What the table calls it.</summary>
    public string Name { get; } = name;

    /// <summary>Requests that were answered or failed.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public ImmutableArray<Failure> Failures => [.. _failures];

    /// <summary>Answers by backend.</summary>
    public ImmutableSortedDictionary<string, long> Backends => _backends.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public void Answered(string backend)
    {
        Interlocked.Increment(ref _requests);
        _backends.AddOrUpdate(backend, 1, (_, count) => count + 1);
    }

    public void Failed(Failure failure)
    {
        Interlocked.Increment(ref _requests);
        _failures.Enqueue(failure);
    }
}
