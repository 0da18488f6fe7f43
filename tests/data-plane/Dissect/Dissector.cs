using System.Collections.Immutable;
using System.Diagnostics;
using Weir.Testing;
using Weir.Testing.Captures;
using Xunit;

namespace Weir.DataPlaneTests.Dissect;

/// <summary>tshark, which read about these protocols elsewhere.</summary>
internal static class Dissector
{
    /// <summary>What is asked of every frame; a field that comes several times in a frame has its values from the outside in.</summary>
    private static readonly string[] Fields =
    [
        "frame.protocols", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "ip.ttl", "ipv6.hlim", "ip.dsfield", "ipv6.tclass", "udp.srcport", "udp.dstport", "tcp.srcport", "tcp.dstport",
        "gre.key", "gue.variant", "gue.protocol", "gue.flags", "vxlan.vni", "vxlan.flags", "geneve.vni", "geneve.option.class", "geneve.option.type", "geneve.option.length",
        "eth.src", "eth.dst", "vlan.id", "icmp.type", "icmp.code", "icmp.mtu", "icmpv6.type", "icmpv6.code", "icmpv6.mtu",
        "ip.checksum.status", "udp.checksum.status", "tcp.checksum.status", "gre.checksum.status", "icmp.checksum.status", "icmpv6.checksum.status",
        "_ws.expert.severity", "_ws.expert.message", "_ws.malformed",
    ];

    /// <summary>Every checksum is added up; whose payload it is does not matter, and a capture of single packets has no sequence.</summary>
    private static readonly string[] Options =
    [
        "-n", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "tcp.analyze_sequence_numbers:FALSE",
        "--disable-protocol", "tls", "--disable-protocol", "dns", "--disable-protocol", "echo",
    ];

    /// <summary>One answer a frame, in their order.</summary>
    public static async Task<ImmutableArray<Dissection>> Read(IReadOnlyList<byte[]> frames, CancellationToken cancel)
    {
        string folder = Directory.CreateTempSubdirectory("weir-dissect-").FullName;
        try
        {
            string capture = Path.Combine(folder, "frames.pcap");
            await File.WriteAllBytesAsync(capture, CaptureWriter.Pcap(false, 0xa1b2c3d4, 1, ushort.MaxValue, [.. frames]), cancel);
            string script = Path.Combine(RepositoryRoot.Path, "tests/data-plane/Dissect/gue.lua");
            string[] asked = [.. Fields.SelectMany(field => (string[])["-e", field])];
            string said = await Run(
                ["-r", capture, "-X", $"lua_script:{script}", .. Options, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=|", .. asked],
                cancel);
            string[] lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(frames.Count, lines.Length);
            return [.. lines.Select(line => new Dissection([.. Fields.Zip(line.Split('\t')).Select(x => KeyValuePair.Create(x.First, x.Second))]))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Run(string[] arguments, CancellationToken cancel)
    {
        ProcessStartInfo start = new("tshark", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("tshark does not start: run tests/install.sh.");
        Task<string> errors = process.StandardError.ReadToEndAsync(cancel);
        string output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
