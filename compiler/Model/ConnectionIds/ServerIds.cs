using System.Collections.Immutable;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model.ConnectionIds;

/// <summary>Which backends packets name themselves: <c>bpf/README.md</c>, section 9.</summary>
internal sealed class ServerIds(SitePlan plan, ImmutableSortedDictionary<string, IdCipher> ciphers)
{
    private readonly ImmutableArray<Dictionary<UInt128, int>> _backends =
    [
        .. plan.Pools.Select(pool => pool.Backends
            .Select((backend, number) => (backend.ServerId, number))
            .Where(b => b.ServerId is not null)
            .ToDictionary(b => ServerNumber.Of(b.ServerId!), b => b.number)),
    ];

    /// <summary>A choice by hash, or the one that the packet itself asks for.</summary>
    /// <param name="transport">From the TCP or UDP header to the end of the IP packet; at least that header's fixed part.</param>
    /// <param name="readable">Bytes of it that can be read.</param>
    public FlowChoice Apply(FlowChoice choice, ReadOnlySpan<byte> transport, int readable)
    {
        PortRange ports = plan.Vips[choice.Vip].Ports.First(p =>
            (byte)p.Protocol == choice.Flow.Protocol && p.First <= choice.Flow.DestinationPort && choice.Flow.DestinationPort <= p.Last);
        NamedBackend named = Of(choice.Pool, ports, transport, readable);
        return choice with { Backend = named.Backend ?? choice.Backend, Named = named.Backend is not null, Note = named.Note };
    }

    private NamedBackend Of(int pool, PortRange ports, ReadOnlySpan<byte> transport, int readable)
    {
        PoolPlan about = plan.Pools[pool];
        if (ports.Protocol == TransportProtocol.Tcp)
        {
            return about.TcpOption is { } kind && TcpServerOption.Read(transport, readable, kind) is { } server
                ? Find(pool, server, Reason.NoteTcpServer)
                : NamedBackend.Nobody;
        }

        if (!ports.Quic || about.Quic is not { } quic)
        {
            return NamedBackend.Nobody;
        }

        ReadOnlySpan<byte> payload = transport[Math.Min(8, readable)..Math.Min(transport.Length, readable)];
        return QuicDatagram.Read(payload, out ReadOnlySpan<byte> id) switch
        {
            QuicDatagram.Kind.ByHash => NamedBackend.Nobody,
            QuicDatagram.Kind.Short => NamedBackend.Failed(Reason.NoteQuicShort),
            _ => RoutableId.ServerOf(quic, ciphers, id, out Reason note) is { } server ? Find(pool, server, Reason.NoteQuicServer) : NamedBackend.Failed(note),
        };
    }

    private NamedBackend Find(int pool, UInt128 server, Reason unknown) => _backends[pool].TryGetValue(server, out int backend)
        ? plan.Pools[pool].Backends[backend].State == BackendState.Down ? NamedBackend.Failed(Reason.NoteServerDown) : new NamedBackend(backend, null)
        : NamedBackend.Failed(unknown);
}
