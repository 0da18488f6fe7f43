using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model.Strips;

/// <summary>A site's decapsulation in the terms of the model, and its outcomes as reasons.</summary>
internal static class Decapsulations
{
    /// <summary>Null where the site decapsulates nothing.</summary>
    public static StripModel? ModelOf(Decapsulation? decapsulation) => decapsulation is null
        ? null
        : new StripModel(new StripRules { To = decapsulation.Addresses, From = decapsulation.From, Types = decapsulation.Types });

    /// <summary>Why a packet is dropped.</summary>
    public static Reason ReasonOf(StripOutcome outcome) => outcome switch
    {
        StripOutcome.Sender => Reason.DropDecapSender,
        StripOutcome.Fragment => Reason.DropFragment,
        StripOutcome.Checksum => Reason.DropDecapChecksum,
        StripOutcome.Ecn => Reason.DropDecapEcn,
        _ => Reason.DropDecapMalformed,
    };
}
