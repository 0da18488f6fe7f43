namespace Weir.Testing;

/// <summary>Outputs are not what a <see cref="BaselineCase"/> expects.</summary>
public sealed class BaselineMismatchException(string message) : Exception(message);
