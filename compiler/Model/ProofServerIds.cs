using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Model.ConnectionIds;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>Packets that name every backend that has a server id, in everything that may carry it, and such as name nobody.</summary>
internal static class ProofServerIds
{
    private const ushort ClientPort = 41_000;
    private const uint Version1 = 1, Version2 = 0x6b3343cf;

    /// <summary>No more than <paramref name="limit"/>; where there are more, spread over pools and backends.</summary>
    public static IEnumerable<ProofPacket> For(SitePlan plan, ImmutableSortedDictionary<string, IdCipher> ciphers, int limit) =>
        ProofPackets.Spread([.. Enumerable.Range(0, plan.Pools.Length).SelectMany(pool => OfPool(plan, ciphers, pool))], limit);

    private static IEnumerable<ProofPacket> OfPool(SitePlan plan, ImmutableSortedDictionary<string, IdCipher> ciphers, int pool)
    {
        PoolPlan about = plan.Pools[pool];
        VipPlan[] vips = [.. plan.Vips.Where(v => v.Pool == pool && v.SampleAddresses.Any())];
        if (about.Quic is { } quic && vips.FirstOrDefault(v => v.Ports.Any(p => p.Quic)) is { } served)
        {
            ushort port = served.Ports.First(p => p.Quic).First;
            foreach (IPAddress address in Families(served))
            {
                IpFields ip = new(ProofFlows.Client(address.AddressFamily == AddressFamily.InterNetworkV6), address);
                foreach ((string what, byte[] payload) in Quic(about, quic, ciphers))
                {
                    yield return new ProofPacket(
                        $"pools.{about.Name} {address}: {what}",
                        [.. FrameWriter.Frame(ip, InternetHeader.Udp, ServerIdFrames.Datagram(ip, ClientPort, port, payload))]);
                }
            }
        }

        if (about.TcpOption is { } kind && vips.FirstOrDefault(v => v.Ports.Any(p => p.Protocol == TransportProtocol.Tcp)) is { } tcp)
        {
            ushort port = tcp.Ports.First(p => p.Protocol == TransportProtocol.Tcp).First;
            foreach (IPAddress address in Families(tcp))
            {
                IpFields ip = new(ProofFlows.Client(address.AddressFamily == AddressFamily.InterNetworkV6), address);
                foreach ((string what, byte[] options, bool syn) in Tcp(about, kind))
                {
                    yield return new ProofPacket(
                        $"pools.{about.Name} {address}: {what}",
                        [.. FrameWriter.Frame(ip, InternetHeader.Tcp, ServerIdFrames.Segment(ip, ClientPort, port, options, syn))]);
                }
            }
        }
    }

    /// <summary>An address of either family.</summary>
    private static IEnumerable<IPAddress> Families(VipPlan vip) => vip.SampleAddresses.DistinctBy(a => a.AddressFamily);

    private static IEnumerable<(string What, byte[] Payload)> Quic(PoolPlan pool, QuicRouting quic, ImmutableSortedDictionary<string, IdCipher> ciphers)
    {
        byte[] first = [];
        foreach (BackendPlan backend in pool.Backends)
        {
            foreach ((string how, byte[] id) in Ids(quic, ciphers, ServerNumber.Of(backend.ServerId!)))
            {
                first = first.Length == 0 ? id : first;
                yield return ($"connection id of {backend.Name}, {how}", ServerIdFrames.ShortHeader(id));
            }
        }

        yield return ("a Handshake packet of version 1", ServerIdFrames.LongHeader(Version1, 2, first));
        yield return ("an Initial packet of version 1", ServerIdFrames.LongHeader(Version1, 0, first));
        yield return ("a Handshake packet of version 2", ServerIdFrames.LongHeader(Version2, 3, first));
        yield return ("a 0-RTT packet of version 2", ServerIdFrames.LongHeader(Version2, 2, first));
        yield return ("a packet of another version", ServerIdFrames.LongHeader(0xbabababa, 2, first));
        yield return ("a Handshake packet without connection id", ServerIdFrames.LongHeader(Version1, 2, []));
        yield return ("a connection id that ends early", ServerIdFrames.ShortHeader(first.AsSpan(0, first.Length - 1), rest: 0));
        yield return ("no payload", []);
        for (int rotation = 0; rotation < 8; rotation++)
        {
            yield return ($"a connection id that begins with {rotation}", ServerIdFrames.ShortHeader([(byte)(rotation << 5), .. Enumerable.Repeat((byte)0xee, 19)]));
        }
    }

    private static IEnumerable<(string How, byte[] Id)> Ids(QuicRouting quic, ImmutableSortedDictionary<string, IdCipher> ciphers, UInt128 server) => quic.Scheme == QuicScheme.Katran
        ? from version in Enumerable.Range(1, 3)
          where server < (UInt128)1 << (8 * (version + 1))
          select ($"version {version}", ServerIdFrames.KatranId(version, server))
        : quic.Configs.Select(c => ($"config {c.Id}", ServerIdFrames.ConnectionId(c, server, c.KeyFile is null ? null : ciphers.GetValueOrDefault(c.KeyFile))));

    private static IEnumerable<(string What, byte[] Options, bool Syn)> Tcp(PoolPlan pool, byte kind)
    {
        byte[] first = ServerIdFrames.Option(kind, ServerNumber.Of(pool.Backends[0].ServerId!));
        ImmutableArray<byte> timestamps = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];
        foreach (BackendPlan backend in pool.Backends)
        {
            yield return ($"TCP option of {backend.Name}", [.. timestamps, .. ServerIdFrames.Option(kind, ServerNumber.Of(backend.ServerId!))], false);
        }

        yield return ("a SYN with the option", first, true);
        yield return ("an option of an unknown server", ServerIdFrames.Option(kind, 0xeeeeeeee), false);
        yield return ("an option of another length", [kind, 4, 0, 0, .. first], false);
        yield return ("an option behind the end of options", [0, 0, .. first], false);
        yield return ("no options", [], false);
    }
}
