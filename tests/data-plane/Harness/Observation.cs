using System.Collections.Immutable;
using Weir.Compiler.Model;

namespace Weir.DataPlaneTests.Harness;

/// <summary>What a program did with a frame.</summary>
internal sealed record Observation(PacketAction Action, byte[] Output, ImmutableArray<CounterDelta> Counted)
{
    /// <summary>How this differs from what the model asks for, or null. What a dropped frame looks like is of no concern.</summary>
    public string? DifferenceFrom(Verdict verdict, ImmutableArray<CounterDelta> counted)
    {
        if (Action != verdict.Action)
        {
            return $"the action is {Action}, not {verdict.Action}";
        }

        if (verdict.Action != PacketAction.Drop && !Output.AsSpan().SequenceEqual(verdict.Output.AsSpan()))
        {
            return Output.Length == verdict.Output.Length
                ? $"the output differs from byte {Output.AsSpan().CommonPrefixLength(verdict.Output.AsSpan())} on"
                : $"the output has {Output.Length} bytes, not {verdict.Output.Length}";
        }

        return Counted.SequenceEqual(counted)
            ? null
            : $"counted was [{string.Join(", ", Counted)}], not [{string.Join(", ", counted)}]";
    }
}
