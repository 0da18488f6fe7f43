using Weir.Applier.Libbpf;

namespace Weir.Applier.Apply;

/// <summary>What shall run on an interface.</summary>
/// <param name="Bundle">A bundle's directory.</param>
/// <param name="ObjectFile">An object file built elsewhere; null: clang builds it, or the cache has it.</param>
/// <param name="Mode">Null: native where the driver can, else generic.</param>
public sealed record ApplyRequest(string Bundle, string Interface, string? ObjectFile = null, XdpMode? Mode = null)
{
    /// <summary>Which host of the site this is; null: the one that is called as this machine, or the only one.</summary>
    public string? Host { get; init; }

    /// <summary>The only change to make; null: whatever it is.</summary>
    public ReviewedChange? Reviewed { get; init; }
}
