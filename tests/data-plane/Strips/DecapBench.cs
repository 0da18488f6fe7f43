using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Weir.Applier.Build;
using Weir.Applier.Decap;
using Weir.Applier.Libbpf;
using Weir.Compiler.Model;
using Weir.Compiler.Model.Strips;
using Weir.DataPlaneTests.Harness;
using Xunit;

[assembly: AssemblyFixture(typeof(Weir.DataPlaneTests.Strips.DecapBench))]

namespace Weir.DataPlaneTests.Strips;

/// <summary><c>weir-applier decap</c>'s program in the kernel, once for each set of rules. Whatever is run is compared with the model.</summary>
public sealed class DecapBench : IDisposable
{
    private readonly ConcurrentDictionary<StripRules, Lazy<Loaded>> programs = new();
    private readonly Lazy<byte[]> elf = new(() => new ObjectBuilder(Clang.FindAsync().GetAwaiter().GetResult()).BuildAsync(DecapObject.Source(), PossibleCpus.Capacity).GetAwaiter().GetResult().Elf);

    /// <summary>Runs a frame, and fails where program and model differ, in action, bytes or counters.</summary>
    internal StripResult Run(StripRules rules, byte[] frame)
    {
        StripResult expected = new StripModel(rules).Strip(frame);
        Loaded loaded = programs.GetOrAdd(rules, key => new(() => new Loaded(elf.Value, key))).Value;
        lock (loaded)
        {
            DecapCounters before = loaded.Counters();
            (PacketAction action, byte[] output) = loaded.Run(frame);
            DecapCounters after = loaded.Counters();
            string actual = string.Join(' ', Enum.GetValues<StripOutcome>().Where(outcome => after.Of(outcome) != before.Of(outcome)));
            bool passes = expected.Outcome is StripOutcome.Not or StripOutcome.Done;
            ReadOnlySpan<byte> wanted = expected.Outcome == StripOutcome.Done ? expected.Frame.AsSpan() : frame;
            bool equal = actual == expected.Outcome.ToString()
                && action == (passes ? PacketAction.Pass : PacketAction.Drop)
                && (!passes || wanted.SequenceEqual(output))
                && after.Bytes - before.Bytes == expected.Length;
            Assert.True(equal, equal ? null : Describe(frame, expected, wanted, actual, action, output));
        }

        return expected;
    }

    public void Dispose()
    {
        foreach (Lazy<Loaded> loaded in programs.Values.Where(loaded => loaded.IsValueCreated))
        {
            loaded.Value.Dispose();
        }
    }

    private static string Describe(byte[] frame, StripResult expected, ReadOnlySpan<byte> wanted, string actual, PacketAction action, byte[] output)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"Program and model differ: {action} {actual}, not {expected.Outcome}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"layers: {Layers.Of(frame)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"input:  {Convert.ToHexString(frame)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"wanted: {Convert.ToHexString(wanted)}");
        return text.AppendLine(CultureInfo.InvariantCulture, $"output: {Convert.ToHexString(output)}").ToString();
    }

    private sealed class Loaded : IDisposable
    {
        private readonly BpfObject opened;
        private readonly BpfProgram program;
        private readonly MapMapping counters;
        private readonly byte[] output = new byte[16384];

        public Loaded(byte[] elf, StripRules rules)
        {
            opened = DecapObject.Open(elf, rules);
            opened.Load();
            program = opened.Program(DecapObject.Function);
            using BpfMap map = opened.Map(DecapObject.CounterSection);
            counters = map.Mmap(writable: false);
        }

        public DecapCounters Counters() => DecapCounters.Read(counters.Bytes);

        public (PacketAction Action, byte[] Output) Run(byte[] frame)
        {
            BpfRun run = program.Run(frame, output);
            return ((PacketAction)run.ReturnValue, output[..run.Length]);
        }

        public void Dispose()
        {
            counters.Dispose();
            program.Dispose();
            opened.Dispose();
        }
    }
}
