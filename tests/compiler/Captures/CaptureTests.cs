using System.Net;
using NJsonSchema;
using Weir.Cli;
using Weir.Compiler.Captures;
using Weir.Compiler.Explain;
using Weir.Compiler.Model;
using Weir.Compiler.Tests.Cli;
using Weir.Testing;
using Weir.Testing.Captures;
using Xunit;

namespace Weir.Compiler.Tests.Captures;

public sealed class CaptureTests : IDisposable
{
    private static readonly string Example = Path.Combine(RepositoryRoot.Path, "examples/dual-stack-edge/topology");

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    public static TheoryData<string> Forms => ["pcap-little", "pcap-big", "pcap-little-ns", "pcap-big-ns", "pcapng-little", "pcapng-big"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_gives_back_its_packets(string form)
    {
        byte[][] packets = Packets();
        CapturedPacket[] read = [.. CaptureReader.Read(new MemoryStream(Capture(form, LinkTypes.Ethernet, packets)))];
        Assert.Equal(packets, read.Select(p => p.Bytes.ToArray()));
        Assert.Equal(packets, read.Select(p => p.Frame()));
        Assert.Equal(Enumerable.Range(1, packets.Length).Select(n => (long)n), read.Select(p => p.Number));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_file_that_ends_early_anywhere_is_told_so_behind_its_whole_packets(string form)
    {
        byte[] file = Capture(form, LinkTypes.Ethernet, Packets());
        int whole = 0;
        for (int length = 1; length < file.Length; length++)
        {
            int read = 0;
            try
            {
                foreach (CapturedPacket packet in CaptureReader.Read(new MemoryStream(file[..length])))
                {
                    read++;
                }
            }
            catch (CaptureException e)
            {
                Assert.NotEmpty(e.Message);
                whole--;
            }

            Assert.InRange(read, 0, Packets().Length - 1 + (length == file.Length ? 1 : 0));
            whole++;
        }

        // Only cuts between packets and blocks can go unseen.
        Assert.InRange(whole, 0, Packets().Length + 3);
    }

    [Fact]
    public void Damaged_files_never_break_the_reader()
    {
        Random random = new(4);
        foreach (string form in Forms.Select(f => f.Data))
        {
            for (int run = 0; run < 300; run++)
            {
                byte[] file = Capture(form, LinkTypes.Ethernet, Packets());
                file[random.Next(file.Length)] = (byte)random.Next(256);
                file[random.Next(file.Length)] ^= 0x80;
                try
                {
                    Assert.InRange(CaptureReader.Read(new MemoryStream(file)).Count(), 0, file.Length);
                }
                catch (CaptureException)
                {
                }
            }
        }
    }

    [Fact]
    public void Bare_packets_get_a_frame_and_cut_ones_their_length()
    {
        byte[] bare = Packets()[0][14..];
        CapturedPacket raw = Assert.Single(CaptureReader.Read(new MemoryStream(Capture("pcap-little", 101, bare))));
        Assert.Equal(Packets()[0], raw.Frame());
        CapturedPacket cut = Assert.Single(CaptureReader.Read(new MemoryStream(CaptureWriter.Pcap(false, 0xa1b2c3d4, 1, 40, Packets()[0]))));
        Assert.True(cut.IsCut);
        Assert.Equal(Packets()[0].Length, cut.Frame().Length);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Every_packet_is_answered_and_all_are_counted(string form)
    {
        await File.WriteAllBytesAsync(_file, Capture(form, LinkTypes.Ethernet, Packets()), TestContext.Current.CancellationToken);
        CommandRun text = await CommandRun.OfAsync("explain", "--pcap", _file, Example, "--site", "ams1");
        Assert.Equal((ExitCode.Done, ""), (text.ExitCode, text.Error));
        CommandRun json = await CommandRun.OfAsync("explain", "-C", Example, "--pcap", _file, "--site", "ams1", "--format", "json");
        JsonSchema schema = await JsonSchema.FromFileAsync(Path.Combine(RepositoryRoot.Path, "schemas/capture.schema.json"), TestContext.Current.CancellationToken);
        Assert.All(json.Out.TrimEnd('\n').Split('\n'), line => Assert.Empty(schema.Validate(line)));
        new BaselineCase("tests/compiler/Captures/answers").Output("answers.txt", text.Out).Output("answers.jsonl", json.Out).Verify();
    }

    [Fact]
    public async Task Other_files_are_refused_with_a_reason()
    {
        foreach ((byte[] content, string said) in new (byte[], string)[]
        {
            ([], "it is empty"),
            ("hello, world"u8.ToArray(), "neither a pcap nor a pcapng"),
            ([0x1f, 0x8b, 8, 0, 0], "it is compressed"),
            (CaptureWriter.Pcap(false, 0xa1b2c3d4, 113, 9999, Packets()), "link type 113 (Linux cooked"),
            (CaptureWriter.Pcapng(true, 127, Packets()), "link type 127 (wireless)"),
            (CaptureWriter.Pcap(false, 0xa1b2c3d4, 1, 9999, Packets())[..^3], "it ends amid packet 7"),
        })
        {
            await File.WriteAllBytesAsync(_file, content, TestContext.Current.CancellationToken);
            CommandRun run = await CommandRun.OfAsync("explain", Example, "--pcap", _file, "--site", "ams1");
            Assert.Equal(ExitCode.Failed, run.ExitCode);
            Assert.Contains(said, run.Error, StringComparison.Ordinal);
        }

        CommandRun missing = await CommandRun.OfAsync("explain", Example, "--pcap", "/no/such/file", "--site", "ams1");
        Assert.Equal((ExitCode.Failed, "", "weir: /no/such/file: it does not exist\n"), (missing.ExitCode, missing.Out, missing.Error));
    }

    private static byte[] Capture(string form, int linkType, params byte[][] packets) => form switch
    {
        "pcap-little" => CaptureWriter.Pcap(false, 0xa1b2c3d4, linkType, 65535, packets),
        "pcap-big" => CaptureWriter.Pcap(true, 0xa1b2c3d4, linkType, 65535, packets),
        "pcap-little-ns" => CaptureWriter.Pcap(false, 0xa1b23c4d, linkType, 65535, packets),
        "pcap-big-ns" => CaptureWriter.Pcap(true, 0xa1b23c4d, linkType, 65535, packets),
        "pcapng-little" => CaptureWriter.Pcapng(false, linkType, packets),
        _ => CaptureWriter.Pcapng(true, linkType, packets),
    };

    private static byte[][] Packets()
    {
        byte[] forwarded = Frame("tcp 192.0.2.7:5555 -> 198.51.100.10:443");
        IpFields reply = new(IPAddress.Parse("198.51.100.10"), IPAddress.Parse("192.0.2.7"));
        byte[] quoted = FrameWriter.Packet(reply, 6, FrameWriter.Transport(reply, 6, 443, 5555, 0));
        IpFields error = new(IPAddress.Parse("192.0.2.1"), reply.Source);
        return
        [
            forwarded,
            Frame("tcp [2001:db8:c::7]:5555 -> [2001:db8:100::10]:80 length 900"),
            FrameWriter.Frame(error, 1, FrameWriter.Icmp(error, 3, 4, 1400, quoted)),
            Frame("tcp 192.0.2.7:5555 -> 198.51.100.10:444"),
            Frame("udp 192.0.2.7:5555 -> 192.0.2.8:53"),
            FrameWriter.Frame(0x0806, new byte[46]),
            forwarded,
        ];
    }

    private static byte[] Frame(string flow) => [.. FlowText.Parse(flow).Question!.Frame()];
}
