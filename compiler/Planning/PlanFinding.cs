using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Planning;

/// <summary>What planning noticed, as facts; the diagnostics give them code, severity and words.</summary>
/// <param name="Position">Of the backend that is concerned.</param>
public abstract record PlanFinding(string Pool, string Backend, SourceSpan Position);

/// <summary>The largest ring cannot give every backend its weight's share within 1 %.</summary>
/// <param name="Backend">The one that is farthest off.</param>
/// <param name="Slots">Slots of the ring.</param>
/// <param name="ImbalancePpm">How far off it is, in millionths of its share.</param>
public sealed record RingTooSmall(string Pool, string Backend, int Slots, int ImbalancePpm, SourceSpan Position)
    : PlanFinding(Pool, Backend, Position);

/// <summary>Shares are drawn, and the largest ring lets one stray far from its weight's.</summary>
/// <param name="Backend">The lightest.</param>
/// <param name="DeviationPpm">The standard deviation of its share, in millionths of it.</param>
public sealed record RingTooCoarse(string Pool, string Backend, int Slots, int DeviationPpm, SourceSpan Position)
    : PlanFinding(Pool, Backend, Position);

/// <summary>Two backends of a pool hash to the same identity (about one in 2^64 per pair, so in practice the same address twice).
/// Renaming the pool resolves it.</summary>
/// <param name="Other">The backend that has it too.</param>
public sealed record IdentityCollision(string Pool, string Backend, string Other, SourceSpan Position)
    : PlanFinding(Pool, Backend, Position);
