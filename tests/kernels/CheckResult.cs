namespace Weir.Kernels.Tests;

/// <summary>What one check inside a guest came to.</summary>
internal sealed record CheckResult(bool Passed, string Log);
