using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>Packets about what VIPs say of their flows: the edges of every list and route, and what a hash leaves out.</summary>
internal static class ProofSources
{
    private const ushort ClientPort = 40_001;

    /// <summary>A client that the VIP serves, if there is one to be found easily: the usual one, or the first of an allowed prefix.</summary>
    public static IPAddress Client(VipPlan vip, bool isV6)
    {
        IPAddress usual = ProofFlows.Client(isV6);
        SourceIndex? index = SourceIndex.Of(vip);
        return index is null ? usual : Candidates(vip, isV6).Prepend(usual).FirstOrDefault(client => !index.Find(client).Denied) ?? usual;
    }

    /// <summary>For one address of each family of every VIP that says something of its flows.</summary>
    public static ImmutableArray<ProofPacket> For(SitePlan plan) =>
    [
        .. plan.Vips.Where(vip => vip.Ports.Length > 0).SelectMany(vip => vip.SampleAddresses.DistinctBy(address => address.AddressFamily)
            .SelectMany(address => Edges(vip, address).Concat(Hash(vip, address)))),
    ];

    /// <summary>The first and last address of every prefix, those before and behind it, and an ICMP error about a flow of the first.</summary>
    private static IEnumerable<ProofPacket> Edges(VipPlan vip, IPAddress address)
    {
        foreach (IPNetwork prefix in Prefixes(vip).Where(p => p.BaseAddress.AddressFamily == address.AddressFamily))
        {
            IPAddress first = prefix.BaseAddress;
            IPAddress last = RangeEdges.Last(prefix);
            yield return Packet(vip, address, $"first of {prefix}", first, ClientPort);
            yield return Packet(vip, address, $"last of {prefix}", last, ClientPort);
            yield return Packet(vip, address, $"before {prefix}", Step(first, -1), ClientPort);
            yield return Packet(vip, address, $"behind {prefix}", Step(last, 1), ClientPort);
            yield return Error(vip, address, first, $"ICMP error about {prefix}");
        }
    }

    private static IEnumerable<ProofPacket> Hash(VipPlan vip, IPAddress address)
    {
        if (vip.Hash == HashPolicy.FiveTuple)
        {
            yield break;
        }

        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        IPAddress client = Client(vip, isV6);
        for (int step = 0; step < 4; step++)
        {
            yield return Packet(vip, address, $"hash, source port {step} further", client, (ushort)(ClientPort + step));
            yield return Packet(vip, address, $"hash, source {1 << (4 * step)} further", Step(client, 1 << (4 * step)), ClientPort);
        }
    }

    private static IEnumerable<IPNetwork> Prefixes(VipPlan vip) => vip.Sources.Allow.Concat(vip.Sources.Deny).Concat(vip.Routes.Select(r => r.Source)).Distinct();

    private static IEnumerable<IPAddress> Candidates(VipPlan vip, bool isV6) => vip.Sources.Allow.Concat(vip.Routes.Select(r => r.Source))
        .Where(p => p.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 == isV6).Select(p => p.BaseAddress);

    private static ProofPacket Packet(VipPlan vip, IPAddress address, string what, IPAddress source, ushort port)
    {
        IpFields ip = new(source, address);
        byte protocol = (byte)vip.Ports[0].Protocol;
        return new ProofPacket(
            $"vips.{vip.Name} {address}: {what}", [.. FrameWriter.Frame(ip, protocol, FrameWriter.Transport(ip, protocol, port, vip.Ports[0].First, payload: 8))]);
    }

    private static ProofPacket Error(VipPlan vip, IPAddress address, IPAddress client, string what)
    {
        IpFields ip = new(ProofFlows.Client(address.AddressFamily == AddressFamily.InterNetworkV6), address);
        IpFields reversed = new(address, client);
        byte protocol = (byte)vip.Ports[0].Protocol;
        byte[] quote = FrameWriter.Packet(reversed, protocol, FrameWriter.Transport(reversed, protocol, vip.Ports[0].First, ClientPort, 12));
        byte icmp = ip.IsV6 ? InternetHeader.IcmpV6 : InternetHeader.Icmp;
        return new ProofPacket(
            $"vips.{vip.Name} {address}: {what}", [.. FrameWriter.Frame(ip, icmp, FrameWriter.Icmp(ip, (byte)(ip.IsV6 ? 1 : 3), 1, 0, quote))]);
    }

    /// <summary>An address that many further; from the last on to the first.</summary>
    internal static IPAddress Step(IPAddress address, int by)
    {
        byte[] bytes = address.GetAddressBytes();
        if (bytes.Length == 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, unchecked(BinaryPrimitives.ReadUInt32BigEndian(bytes) + (uint)by));
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes, unchecked(BinaryPrimitives.ReadUInt128BigEndian(bytes) + (UInt128)by));
        }

        return new IPAddress(bytes);
    }
}
