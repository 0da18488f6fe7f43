namespace Weir.Compiler.Topologies;

/// <summary>How a pool's ring is filled.</summary>
public enum RingAlgorithm
{
    /// <summary>Backends take turns by their permutations (Eisenbud et al., NSDI 2016): even shares, little collateral.</summary>
    Maglev,

    /// <summary>Every slot goes to the backend with the highest weighted score (Thaler, Ravishankar 1998): binomial shares, no collateral.</summary>
    Rendezvous,
}
