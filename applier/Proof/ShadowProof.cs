using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Weir.Applier.Libbpf;
using Weir.Compiler.Model;

namespace Weir.Applier.Proof;

/// <param name="Expected">By the reference model.</param>
public sealed record ProofCase(ProofPacket Packet, Verdict Expected);

/// <summary>Runs packets through a program that sees no traffic and compares each with the reference model, action and every byte.</summary>
public static class ShadowProof
{
    /// <summary>A page less headroom is what BPF_PROG_RUN gives; an outer header more.</summary>
    private const int Room = 4096;

    /// <summary>What must become of every packet.</summary>
    public static ImmutableArray<ProofCase> Prepare(PacketModel model, ImmutableArray<ProofPacket> packets, CancellationToken cancellation)
    {
        ImmutableArray<ProofCase>.Builder cases = ImmutableArray.CreateBuilder<ProofCase>(packets.Length);
        foreach (ProofPacket packet in packets)
        {
            cancellation.ThrowIfCancellationRequested();
            cases.Add(new ProofCase(packet, model.Process(packet.Frame.AsSpan())));
        }

        return cases.MoveToImmutable();
    }

    /// <summary>All on one CPU, whose fragments follow each other.</summary>
    /// <param name="shadow">Of an instance of its own, filled with the images that shall go live.</param>
    /// <returns>How many packets were run.</returns>
    /// <exception cref="ApplierException">A packet came out otherwise; the message shows both, layer by layer.</exception>
    public static int Run(BpfProgram shadow, ImmutableArray<ProofCase> cases, CancellationToken cancellation) =>
        BoundThread.Run(() => RunHere(shadow, cases, cancellation));

    private static int RunHere(BpfProgram shadow, ImmutableArray<ProofCase> cases, CancellationToken cancellation)
    {
        byte[] room = new byte[Room];
        foreach ((ProofPacket packet, Verdict expected) in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            BpfRun run = shadow.Run(packet.Frame.AsSpan(), room);
            ReadOnlySpan<byte> actual = room.AsSpan(0, run.Length);
            if (run.ReturnValue != (uint)expected.Action || !actual.SequenceEqual(expected.Output.AsSpan()))
            {
                throw ApplierException.Failed(Difference(packet, expected, run, actual));
            }
        }

        return cases.Length;
    }

    private static string Difference(ProofPacket packet, Verdict expected, BpfRun run, ReadOnlySpan<byte> actual)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"The proof failed: a packet does not come out as the packet rules say. Nothing was changed.\n");
        text.Append(CultureInfo.InvariantCulture, $"  packet    {packet.Name}, {packet.Frame.Length} bytes\n");
        text.Append(CultureInfo.InvariantCulture, $"  expected  {Action((uint)expected.Action)}{Why(expected)}, {expected.Output.Length} bytes\n");
        text.Append(CultureInfo.InvariantCulture, $"  actual    {Action(run.ReturnValue)}, {run.Length} bytes\n");
        text.Append(FrameDump.Compare(expected.Output.AsSpan(), actual));
        text.Append("The bundle, the object and this program are not of one mind: build the bundle again with this version, or report this.");
        return text.ToString();
    }

    private static string Why(Verdict verdict) => verdict.Reason is Reason reason ? $" [{reason.Name()}]" : "";

    private static string Action(uint action) => action switch
    {
        0 => "XDP_ABORTED",
        1 => "XDP_DROP",
        2 => "XDP_PASS",
        3 => "XDP_TX",
        _ => string.Create(CultureInfo.InvariantCulture, $"action {action}"),
    };
}
