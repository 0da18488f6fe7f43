using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Explain;

/// <summary>What is said of packets that get no outer header.</summary>
internal static class LinkSteps
{
    /// <summary>The type of the flow's encapsulation where that is none; else null.</summary>
    public static EncapsulationType? TypeOf(SitePlan plan, FlowChoice flow) =>
        flow.Backend is int number && plan.Encapsulations[plan.Pools[flow.Pool].Backends[number].Encapsulation] is var encapsulation && (LinkDelivery.Is(encapsulation) || encapsulation.Type == EncapsulationType.Nat) ? encapsulation.Type : null;

    /// <summary>How the packet travels, in a line; null where it gets an outer header or is not forwarded.</summary>
    public static string? Delivery(Explanation explanation)
    {
        if (explanation.Verdict is not { Reason: null, Flow: { Backend: int number } flow } || TypeOf(explanation.Plan, flow) is not { } type)
        {
            return null;
        }

        BackendPlan backend = explanation.Plan.Pools[flow.Pool].Backends[number];
        if (type == EncapsulationType.Nat)
        {
            ushort port = backend.Port == 0 ? flow.Flow.DestinationPort : backend.Port;
            return $"nat: from a port of the host's natSources to {new IPEndPoint(backend.Address, port)}, for as long as the connection lasts; this is where a new one goes";
        }

        string mac = AddressText.OfMac(backend.Mac) ?? "<resolved>";
        return type == EncapsulationType.Local ? "local: this host's own stack gets the packet as it is" : $"l2: Ethernet to {mac} from <interface>, the packet as it is";
    }
}
