namespace Weir.Compiler.Topologies;

/// <summary>What becomes of IP fragments for a VIP.</summary>
public enum FragmentPolicy
{
    /// <summary>Dropped and counted.</summary>
    Drop,

    /// <summary>Later fragments go where their first went, as long as a table of bounded size remembers it.</summary>
    Follow,
}
