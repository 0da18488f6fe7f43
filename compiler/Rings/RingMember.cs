namespace Weir.Compiler.Rings;

/// <summary>A backend as a ring sees it: nothing but what it is and how much it takes. Name, address and place in a list
/// cannot influence a ring because they are not here.</summary>
/// <param name="Identity">Unique within the ring; drives turn order and permutation.</param>
/// <param name="Weight">1 to 65,535. A backend without weight, or drained, is no member.</param>
public readonly record struct RingMember(ulong Identity, int Weight);
