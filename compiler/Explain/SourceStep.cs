using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Explain;

/// <summary>What a VIP's source lists say of a client.</summary>
/// <param name="Client">The flow's source, also where an ICMP error quotes it.</param>
/// <param name="Listed">What decides, as <c>denied by vips.www.sources.deny 10.66.0.0/16</c>.</param>
public sealed record SourceStep(IPAddress Client, bool Denied, string Listed)
{
    internal static SourceStep Of(Vip vip, IPAddress client, SourceVerdict verdict)
    {
        string list = $"vips.{vip.Name}.sources.{(verdict.Denied ? "deny" : "allow")}";
        return new SourceStep(client, verdict.Denied, verdict.Listed is { } prefix
            ? $"{(verdict.Denied ? "denied" : "allowed")} by {list} {prefix}"
            : verdict.Denied ? $"denied, for vips.{vip.Name}.sources.allow has it not" : "allowed, for no list has it");
    }
}
