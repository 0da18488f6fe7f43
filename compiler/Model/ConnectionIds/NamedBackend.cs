namespace Weir.Compiler.Model.ConnectionIds;

/// <summary>What a packet itself says of its backend.</summary>
/// <param name="Backend">Dense number in the pool; null where the flow's hash decides.</param>
/// <param name="Note">What is counted because the packet should have named one and did not.</param>
internal readonly record struct NamedBackend(int? Backend, Reason? Note)
{
    /// <summary>The packet is one of those that name nobody.</summary>
    public static NamedBackend Nobody { get; } = new(null, null);

    public static NamedBackend Failed(Reason note) => new(null, note);
}
