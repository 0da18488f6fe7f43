namespace Weir.Compiler.Planning;

/// <summary>How a pool's flows are recorded while slots of its ring change hands.</summary>
/// <param name="Sets">Of eight records: a power of two, 1 to 2^22.</param>
/// <param name="Always">Whether flows that begin in settled slots are recorded too.</param>
public sealed record TrackingPlan(int Sets, bool Always);
