namespace Weir.Applier.Bench;

/// <summary>What many short timings of one thing say when a machine's other work can only ever add to them.</summary>
public static class Undisturbed
{
    /// <summary>The mean from the tenth to the fiftieth percentile: everything above the median may have been interrupted, and a mean is finer
    /// than the whole nanoseconds that the kernel reports.</summary>
    /// <exception cref="ArgumentException">No samples.</exception>
    public static double Mean(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return sorted.Length == 0
            ? throw new ArgumentException("A mean needs at least one sample.", nameof(samples))
            : sorted[(sorted.Length / 10)..((sorted.Length + 1) / 2)].Average();
    }
}
