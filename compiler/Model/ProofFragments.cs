namespace Weir.Compiler.Model;

/// <summary>Fragments of datagrams for a VIP that follows them. In this order, on one CPU: the later ones are sent because of those before them.</summary>
internal static class ProofFragments
{
    private const ushort More = 0x2000;

    public static IEnumerable<(string What, byte[] Frame)> Of(IpFields ip, byte protocol, byte[] transport) => ip.IsV6
        ?
        [
            ("a first fragment that is followed", V6(ip, 0x1001, 0, more: true, protocol, transport.AsSpan(0, 24))),
            ("its middle fragment", V6(ip, 0x1001, 24, more: true, protocol, new byte[16])),
            ("its last fragment", V6(ip, 0x1001, 40, more: false, protocol, new byte[7])),
            ("a fragment whose first has not come", V6(ip, 0x1002, 24, more: false, protocol, new byte[16])),
            ("a first fragment without a whole transport header", V6(ip, 0x1003, 0, more: true, protocol, transport.AsSpan(0, 6))),
            ("a first fragment behind options", FrameWriter.Frame(
                ip with { Extensions = [new Extension(0, [0, 0, 1, 4, 0, 0, 0, 0]), Header(0x1004, 0, more: true), new Extension(60, [0, 0, 1, 4, 0, 0, 0, 0])] }, protocol, transport.AsSpan(0, 24))),
            ("its last fragment", V6(ip, 0x1004, 32, more: false, 60, new byte[9])),
        ]
        :
        [
            ("a first fragment that is followed", V4(ip, 0x1001, 0, more: true, protocol, transport.AsSpan(0, 24))),
            ("its middle fragment", V4(ip, 0x1001, 24, more: true, protocol, new byte[16])),
            ("its last fragment", V4(ip, 0x1001, 40, more: false, protocol, new byte[7])),
            ("a fragment whose first has not come", V4(ip, 0x1002, 24, more: false, protocol, new byte[16])),
            ("a fragment of another protocol with the same id", V4(ip, 0x1001, 24, more: false, (byte)(protocol ^ InternetHeader.Tcp ^ InternetHeader.Udp), new byte[16])),
            ("a first fragment without a whole transport header", V4(ip, 0x1003, 0, more: true, protocol, transport.AsSpan(0, 6))),
            ("a fragment 8 bytes behind the beginning", V4(ip, 0x1001, 8, more: false, protocol, new byte[16])),
            ("a fragment of neither TCP nor UDP", V4(ip, 0x1005, 0, more: true, 132, transport.AsSpan(0, 24))),
        ];

    private static byte[] V4(IpFields ip, ushort id, int offset, bool more, byte protocol, ReadOnlySpan<byte> bytes) =>
        FrameWriter.Frame(ip with { Id = id, Fragment = (ushort)((more ? More : 0) | (offset / 8)) }, protocol, bytes);

    private static byte[] V6(IpFields ip, ushort id, int offset, bool more, byte protocol, ReadOnlySpan<byte> bytes) =>
        FrameWriter.Frame(ip with { Extensions = [Header(id, offset, more)] }, protocol, bytes);

    private static Extension Header(ushort id, int offset, bool more) =>
        new(44, [0, 0, (byte)(offset >> 8), (byte)(offset | (more ? 1 : 0)), 0, 0, (byte)(id >> 8), (byte)id]);
}
