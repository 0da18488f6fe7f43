namespace Weir.Compiler.Diagnostics;

/// <summary>14xx: capacity, rings and limits.</summary>
public static partial class Diagnose
{
    public static Diagnostic NoBackends(SourceSpan span, string pool) =>
        Error(1401, span, $"pool {Quote(pool)} has no backends") with { Help = "add one, or remove the pool and the VIPs that use it" };

    public static Diagnostic ZeroWeight(SourceSpan span, string pool, SourceSpan backend) =>
        Error(1402, span, $"all active backends of pool {Quote(pool)} have weight 0").With(backend, "as this one") with
        {
            Help = "give one a weight of at least 1",
        };

    public static Diagnostic AllDrained(SourceSpan span, string pool) =>
        Warning(1403, span, $"all backends of pool {Quote(pool)} are drained: it takes no new flows");

    public static Diagnostic CapacityNotPowerOfTwo(SourceSpan span, int capacity, int next) =>
        Error(1404, span, $"capacity {capacity} is not a power of two") with
        {
            Label = $"did you mean {next}?",
            Fix = new Fix($"write {next}", span, next.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        };

    public static Diagnostic CapacityTooSmall(SourceSpan span, string pool, int capacity, int backends, int needed) =>
        Error(1405, span, $"capacity {capacity} is too small for the {Count(backends, "backend")} of pool {Quote(pool)}") with
        {
            Label = $"at least {needed}",
            Help = "capacity is at least twice the backends, so that they can be replaced without taking ids still in use",
            Fix = new Fix($"write {needed}", span, needed.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        };

    public static Diagnostic TooManyBackends(SourceSpan span, string pool, int backends, int limit) =>
        Error(1406, span, $"pool {Quote(pool)} has {Count(backends, "backend")}, at most {limit} fit") with { Help = "split the pool" };

    /// <summary>Not even the largest ring can give every backend its weight's share within 1 %. An error when the share is off by all of
    /// itself or more (a backend may get nothing), else a warning.</summary>
    /// <param name="slots">Slots of that ring.</param>
    /// <param name="imbalancePpm">How far the worst share is off, in millionths of it.</param>
    public static Diagnostic RingTooSmall(SourceSpan span, string pool, string backend, int slots, int imbalancePpm) =>
        new Diagnostic(
            Format(1407),
            imbalancePpm >= 1_000_000 ? Severity.Error : Severity.Warning,
            $"ring-too-small: {slots} slots give backend {Quote(backend)} of pool {Quote(pool)} a share that is {Percent(imbalancePpm)} off its weight's",
            span) with
        {
            Help = "bring the pool's weights closer together, or split the pool",
        };

    /// <param name="slots">Slots of that ring.</param>
    /// <param name="deviationPpm">Standard deviation of the share, in millionths of it.</param>
    public static Diagnostic RingTooCoarse(SourceSpan span, string pool, string backend, int slots, int deviationPpm) =>
        new Diagnostic(
            Format(1430),
            deviationPpm >= 1_000_000 ? Severity.Error : Severity.Warning,
            $"ring-too-coarse: in a rendezvous ring of {slots} slots the share of backend {Quote(backend)} of pool {Quote(pool)} strays by {Percent(deviationPpm)} from its weight's",
            span) with
        {
            Help = "bring the pool's weights closer together, split the pool, or say `ring: maglev`, whose shares are exact",
        };
}
