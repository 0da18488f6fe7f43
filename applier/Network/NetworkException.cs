using System.Runtime.InteropServices;

namespace Weir.Applier.Network;

/// <summary>The kernel's network configuration refused, or did not answer in time.</summary>
public sealed class NetworkException : Exception
{
    internal NetworkException(string operation, int errno, string? hint = null)
        : base($"Cannot {operation}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).{(hint is null ? "" : " " + hint)}") => Error = errno;

    internal NetworkException(string message, bool transient)
        : base(message) => Transient = transient;

    /// <summary>The error number, or 0 when none was given.</summary>
    public int Error { get; }

    /// <summary>Whether the same may succeed later.</summary>
    public bool Transient { get; }
}
