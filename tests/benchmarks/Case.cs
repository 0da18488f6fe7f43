namespace Weir.Benchmarks;

/// <summary>Something to measure, not yet measured.</summary>
/// <param name="Name">As the row's.</param>
/// <param name="Measure">Gives the row.</param>
internal sealed record Case(string Name, Func<CancellationToken, Task<Row>> Measure);
