using System.Net;
using System.Net.NetworkInformation;
using Weir.Applier.Network;
using Weir.Applier.State;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Applier.Apply;

/// <summary>Turns a site's next hops into the MACs that the program sends to.</summary>
public static class NextHops
{
    /// <summary>How long a gateway may take to answer; the kernel asks three times, a second apart (ARP: RFC 1122, section 2.3.2.1).</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    /// <exception cref="ApplierException">A gateway does not answer (75).</exception>
    public static NextHopValues Resolve(SitePlan plan, HostInterface on, TimeProvider time, CancellationToken cancellation) =>
        new(Word(plan.NextHopV4, on, time, cancellation), Word(plan.NextHopV6, on, time, cancellation));

    private static ulong Word(NextHop? hop, HostInterface on, TimeProvider time, CancellationToken cancellation) => hop switch
    {
        null => 0,
        { Mac: PhysicalAddress mac } => SiteData.Word(mac),
        { Gateway: IPAddress gateway } => SiteData.Word(Ask(gateway, on, time, cancellation)),
        _ => 0,
    };

    private static PhysicalAddress Ask(IPAddress gateway, HostInterface on, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            using Neighbours neighbours = new(on, time);
            return neighbours.ResolveAsync(gateway, Deadline, cancellation).GetAwaiter().GetResult();
        }
        catch (NetworkException error) when (error.Transient)
        {
            throw ApplierException.Transient($"The next hop {gateway} is not known, so nothing went live. {error.Message}", error);
        }
    }
}
