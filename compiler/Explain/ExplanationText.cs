using System.Globalization;
using System.Text;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Explain;

/// <summary>An explanation for people: one line a step with the place in the topology, what is sent as bytes, and the outcome last.</summary>
public static class ExplanationText
{
    private const int BytesPerLine = 16;

    /// <param name="root">What stands before file names.</param>
    public static string Render(string question, Explanation explanation, string root)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{question} at site {explanation.Plan.Site}\n");
        Steps steps = new(text, root);
        Matching(steps, explanation);
        Choice(steps, explanation);
        Sending(steps, explanation);
        return text.Append(Outcome(explanation)).Append('\n').ToString();
    }

    /// <summary>The last line: what becomes of the packet.</summary>
    public static string Outcome(Explanation explanation) => explanation switch
    {
        { Outcome: Explain.Outcome.Forwarded, Backend: { } backend, Encapsulation: { } path } =>
            string.Create(CultureInfo.InvariantCulture, $"forwarded to {backend.Name} ({backend.Address}): {path.PacketLength + path.OuterLength} bytes"),
        { Outcome: Explain.Outcome.Forwarded, Backend: { } backend } =>
            string.Create(CultureInfo.InvariantCulture, $"forwarded to {backend.Name} ({backend.Address}): {explanation.Verdict.CountedBytes} bytes"),
        _ => $"{explanation.Outcome.ToString().ToLowerInvariant()} [{Model.ReasonNames.Name(explanation.Verdict.Reason!.Value)}]: {explanation.Why}",
    };

    private static void Matching(Steps steps, Explanation explanation)
    {
        if (explanation.Vip is { } vip)
        {
            steps.Add("VIP", $"vips.{vip.Name}, {vip.Address}", vip.Position);
            steps.Add("port", PortText.Format(vip.Ports));
            if (explanation.Source is { } source)
            {
                steps.Add("client", $"{source.Client}, {source.Listed}");
            }
        }

        foreach (VipAtAddress other in explanation.Others)
        {
            steps.Add("address", $"of vips.{other.Name}, which serves {string.Join(", ", other.Ports.Select(PortText.Format))}", other.Position);
        }
    }

    private static void Choice(Steps steps, Explanation explanation)
    {
        if (explanation.Ring is not { } ring)
        {
            return;
        }

        if (ring.Quoted)
        {
            steps.Add("flow", $"the one that the ICMP error quotes: {PacketText.Of(ring.Flow.Protocol, ring.Flow.Source, ring.Flow.SourcePort, ring.Flow.Destination, ring.Flow.DestinationPort)}");
        }

        steps.Add("pool", $"pools.{ring.Pool}, by {ring.Because}", ring.Position);
        steps.Add("hash", string.Create(CultureInfo.InvariantCulture, $"h1 0x{ring.Hash.H1:x8}, h2 0x{ring.Hash.H2:x8}{(ring.Policy == HashPolicy.FiveTuple ? "" : $", of {HashText.Format(ring.Policy)}")}"));
        steps.Add("slot", string.Create(CultureInfo.InvariantCulture, $"{ring.Slot} of {ring.Slots}, the top {int.Log2(ring.Slots)} bits of h1"));
        if (explanation.Verdict.Flow is { Named: true } flow)
        {
            steps.Add("server id", $"the packet's names the backend by `serverId: {explanation.Plan.Pools[flow.Pool].Backends[flow.Backend!.Value].ServerId}`, whatever the slot says");
        }
        else if (explanation.Verdict.Note is { } note)
        {
            steps.Add("server id", $"[{Model.ReasonNames.Name(note)}] {ReasonText.Of(note, explanation.Plan)}");
        }

        if (explanation.Backend is { } backend)
        {
            steps.Add("backend", string.Create(CultureInfo.InvariantCulture, $"{backend.Name}, {backend.Address}"), backend.Position);
            steps.Add("", string.Create(CultureInfo.InvariantCulture, $"weight {backend.Weight}, {backend.State.ToString().ToLowerInvariant()}, owns {backend.Owned} of {ring.Slots} slots"));
            if (backend.Preference is { } preference)
            {
                steps.Add("", preference);
            }
        }
    }

    private static void Sending(Steps steps, Explanation explanation)
    {
        if (explanation.Encapsulation is not { } path)
        {
            if (LinkSteps.Delivery(explanation) is { } delivery)
            {
                steps.Add("delivery", delivery);
            }

            return;
        }

        int sent = path.PacketLength + path.OuterLength;
        steps.Add("encapsulation", $"{string.Join(' ', [EncapsulationKeys.Name(path.Plan.Type), .. EncapsulationText.Options(path.Plan.Options).Select(o => $"{o.Key} {o.Value}")])}: {Family(path.InnerV6)} in {Family(path.OuterV6)}");
        steps.Add("source", $"{AddressText.OfSource(path.Source)} by {path.Scope}", path.Position);
        steps.Add("size", string.Create(CultureInfo.InvariantCulture, $"{path.PacketLength} + {path.OuterLength} = {sent} bytes, MTU {explanation.Plan.Mtu}: {(sent <= explanation.Plan.Mtu ? "fits" : "too big")}"));
        if (path.Outer is { } outer)
        {
            steps.Add("outer header", $"{outer.Source} -> {explanation.Backend!.Address}");
            steps.Add("", $"Ethernet to {outer.NextHop ?? $"<gateway> ({outer.Gateway})"} from <interface>, type {(path.OuterV6 ? "86 dd" : "08 00")}");
            foreach (byte[] line in outer.Header.Chunk(BytesPerLine))
            {
                steps.Add("", string.Join(' ', line.Select(b => b.ToString("x2", CultureInfo.InvariantCulture))));
            }
        }
    }

    private static string Family(bool isV6) => isV6 ? "IPv6" : "IPv4";

    /// <summary>Lines of a name, what is to be said and, at the end, where it is written.</summary>
    private sealed class Steps(StringBuilder text, string root)
    {
        private const int NameWidth = 13;
        private const int TextWidth = 48;

        public void Add(string name, string what, SourceSpan position = default)
        {
            string line = "  " + name.PadRight(NameWidth) + "  " + what;
            text.Append(position.Line == 0 ? line : $"{line.PadRight(NameWidth + 4 + TextWidth)}  {root}{position}").Append('\n');
        }
    }
}
