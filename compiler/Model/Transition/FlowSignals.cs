using System.Buffers.Binary;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;

namespace Weir.Compiler.Model.Transition;

/// <summary>What a packet says of its flow: <c>bpf/README.md</c>, section 11.</summary>
internal static class FlowSignals
{
    private const int Fin = 1, Syn = 2, Rst = 4, Ack = 16, UdpHeader = 8;

    /// <summary>Bytes from the transport header on that have to be there: up to TCP's flags, or behind a QUIC version.</summary>
    private const int Needed = 14;

    /// <summary>Null where it does not matter, since the ring alone decides.</summary>
    /// <param name="transport">Nothing for fragments.</param>
    /// <param name="extended">Whether it is behind IPv6 extension headers, where nobody looks.</param>
    /// <param name="readable">Bytes of it that can be read.</param>
    public static FlowSignal? Of(SitePlan plan, FlowChoice choice, ReadOnlySpan<byte> transport, int readable, bool extended)
    {
        FlowBeginning beginning = FlowRegions.BeginningOf(plan, plan.Vips[choice.Vip]);
        bool udp = choice.Flow.Protocol == InternetHeader.Udp;
        if (choice.Quoted)
        {
            return FlowSignal.Error;
        }

        if (udp && beginning.HasFlag(FlowBeginning.Ever) && !extended)
        {
            return null;
        }

        if (extended || Math.Min(transport.Length, readable) < Needed)
        {
            return FlowSignal.Data;
        }

        return udp
            ? beginning.HasFlag(FlowBeginning.Initial) && IsInitial(transport[UdpHeader..]) ? FlowSignal.Begin : FlowSignal.Data
            : (transport[13] & (Syn | Ack)) == Syn ? FlowSignal.Begin
            : (transport[13] & (Fin | Rst)) != 0 && !beginning.HasFlag(FlowBeginning.Shared) ? FlowSignal.End
            : FlowSignal.Data;
    }

    /// <summary>RFC 9000, section 17.2.2, and RFC 9369, section 3.2.</summary>
    private static bool IsInitial(ReadOnlySpan<byte> payload) => (BinaryPrimitives.ReadUInt32BigEndian(payload[1..]), payload[0] >> 4) is (1, 12) or (0x6b3343cf, 13);
}
