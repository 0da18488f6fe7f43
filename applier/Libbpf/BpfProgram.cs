using System.Buffers.Binary;
using System.Globalization;

namespace Weir.Applier.Libbpf;

/// <summary>What the kernel says of a loaded program.</summary>
/// <param name="Tag">16 hex digits: a hash of its instructions.</param>
/// <param name="Name">At most 15 characters.</param>
/// <param name="Instructions">After the verifier's rewriting.</param>
/// <param name="JitedBytes">0 when the JIT is off.</param>
/// <param name="VerifiedInstructions">How many the verifier walked through.</param>
/// <param name="LoadedAt">Since boot.</param>
public sealed record BpfProgramInfo(uint Id, string Tag, string Name, int Instructions, int JitedBytes, int VerifiedInstructions, TimeSpan LoadedAt);

/// <summary>What a run of a program gave.</summary>
/// <param name="ReturnValue">The program's, as an XDP action.</param>
/// <param name="Length">Bytes of the packet afterwards.</param>
/// <param name="DurationNs">Nanoseconds per repetition, by the kernel's clock.</param>
public readonly record struct BpfRun(uint ReturnValue, int Length, uint DurationNs);

/// <summary>A loaded program.</summary>
public sealed unsafe class BpfProgram : IDisposable
{
    private const uint LiveFrames = 1 << 1;

    internal BpfProgram(DescriptorHandle handle) => Handle = handle;

    /// <summary>The descriptor; it belongs to this object.</summary>
    public int Fd => Handle.Number;

    internal DescriptorHandle Handle { get; }

    public BpfProgramInfo Info
    {
        get
        {
            ProgramInfoRecord info = Handle.Info<ProgramInfoRecord>();
            return new BpfProgramInfo(
                info.Id,
                BinaryPrimitives.ReverseEndianness(info.Tag).ToString("x16", CultureInfo.InvariantCulture),
                DescriptorHandle.Text(info.Name),
                (int)info.TranslatedLength / 8,
                (int)info.JitedLength,
                (int)info.VerifiedInstructions,
                TimeSpan.FromTicks((long)(info.LoadTime / 100)));
        }
    }

    /// <summary>Ids of the maps the program uses.</summary>
    public IReadOnlyList<uint> MapIds
    {
        get
        {
            uint[] ids = new uint[64];
            fixed (uint* room = ids)
            {
                ProgramInfoRecord info = new() { MapCount = (uint)ids.Length, MapIds = (ulong)room };
                Handle.FillInfo(ref info);
                return ids[..(int)Math.Min(info.MapCount, (uint)ids.Length)];
            }
        }
    }

    public static BpfProgram OpenPinned(string path) => new(DescriptorHandle.OpenPinned(path, DescriptorKind.Program));

    public static BpfProgram OpenId(uint id) =>
        new(new DescriptorHandle(Proxy.Call($"open the program with id {id}", () => Imports.bpf_prog_get_fd_by_id(id)), DescriptorKind.Program));

    /// <summary>Runs the program on a packet (BPF_PROG_RUN) and gives back what it made of it. Allocates nothing.</summary>
    /// <param name="packet">An Ethernet frame of at least 14 bytes.</param>
    /// <param name="output">Room for the packet afterwards; empty when it is not wanted.</param>
    /// <param name="repeat">Runs in one call. The packet is not restored between them.</param>
    /// <param name="metadata">How many of the packet's first bytes are metadata before the frame, a multiple of 4. They take up headroom.</param>
    /// <exception cref="BpfException">ENOSPC: the output is too small; EINVAL: the packet is too short or long.</exception>
    public BpfRun Run(ReadOnlySpan<byte> packet, Span<byte> output, int repeat = 1, int metadata = 0)
    {
        fixed (byte* input = packet, room = output)
        {
            XdpContext context = new() { Data = (uint)metadata, DataEnd = (uint)packet.Length };
            TestRunOptions options = default;
            int code;
            do
            {
                options = new()
                {
                    Size = (nuint)sizeof(TestRunOptions),
                    DataIn = input,
                    DataOut = room,
                    DataSizeIn = (uint)packet.Length,
                    DataSizeOut = (uint)output.Length,
                    ContextIn = metadata > 0 ? &context : null,
                    ContextSizeIn = metadata > 0 ? (uint)sizeof(XdpContext) : 0,
                    Repeat = repeat,
                };
                code = Imports.bpf_prog_test_run_opts(Handle, &options);
            }
            while (code == -Errno.Interrupted); // a signal of the runtime's own; nothing has happened yet

            if (code < 0)
            {
                throw RunError(-code, packet.Length, output.Length);
            }

            return new BpfRun(options.ReturnValue, (int)options.DataSizeOut, options.Duration);
        }
    }

    /// <summary>Sends copies of a frame as the program says: XDP_TX leaves through the interface, XDP_PASS enters its stack
    /// (BPF_F_TEST_XDP_LIVE_FRAMES, Linux 5.18). A generator of millions of packets a second.</summary>
    /// <param name="interfaceIndex">The interface in the caller's network namespace that frames seem to come from.</param>
    /// <param name="batch">Frames per round, at most 256.</param>
    public void Generate(ReadOnlySpan<byte> frame, int count, int interfaceIndex, int batch = 64)
    {
        XdpContext context = new() { DataEnd = (uint)frame.Length, IngressInterface = (uint)interfaceIndex };
        fixed (byte* input = frame)
        {
            TestRunOptions options = new()
            {
                Size = (nuint)sizeof(TestRunOptions),
                DataIn = input,
                DataSizeIn = (uint)frame.Length,
                ContextIn = &context,
                ContextSizeIn = (uint)sizeof(XdpContext),
                Repeat = count,
                Flags = LiveFrames,
                BatchSize = (uint)batch,
            };
            int code = Imports.bpf_prog_test_run_opts(Handle, &options);
            if (code < 0)
            {
                throw Proxy.Error($"send {count} frames through interface {interfaceIndex}", -code);
            }
        }
    }

    /// <summary>Runs a syscall program (BPF_PROG_TYPE_SYSCALL, Linux 5.14) on a context, which it may write to.</summary>
    /// <returns>What it returned.</returns>
    public uint RunSystemCall(Span<byte> context)
    {
        fixed (byte* start = context)
        {
            TestRunOptions options = new() { Size = (nuint)sizeof(TestRunOptions), ContextIn = start, ContextSizeIn = (uint)context.Length };
            int code = Imports.bpf_prog_test_run_opts(Handle, &options);
            return code >= 0 ? options.ReturnValue : throw Proxy.Error("run a system call program", -code);
        }
    }

    /// <summary>Pins the program in a bpffs, so that it outlives this process.</summary>
    public void Pin(string path) => Handle.Pin(path);

    public void Dispose() => Handle.Dispose();

    private static BpfException RunError(int errno, int packet, int output) => Proxy.Error($"run the program on {packet} bytes", errno, null, e => e switch
    {
        Errno.NoSpace => $"The packet afterwards does not fit into {output} bytes.",
        Errno.InvalidArgument => "A packet has 14 bytes at least and fits into a page with its headroom.",
        _ => null,
    });
}
