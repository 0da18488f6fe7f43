using System.Collections.Immutable;
using System.Globalization;
using Weir.Compiler.Model.Transition;
using Weir.Compiler.Rings.Transition;

namespace Weir.Compiler.Tests.Model.Transition;

/// <summary>A pool on one host over hours: backends come, go, drain and recover, flows begin, go on and end, and every packet goes where the rules say.</summary>
/// <param name="sets">Of eight records.</param>
/// <param name="plain">Whether it is a ring and nothing else, beside which one sees what the rules are for.</param>
internal sealed class PoolSimulation(int seed, int sets, bool plain = false)
{
    public const int Holding = 3600, Slots = 1 << SlotBits;

    private const int SlotBits = 5, Idle = 7200;

    private readonly Random random = new(seed);
    private readonly RecordTable table = new(sets);
    private readonly SlotState[] slots = new SlotState[Slots];
    private readonly SortedDictionary<int, (BackendTakes Takes, int Weighted)> backends = [];
    private readonly List<Connection> flows = [];
    private readonly List<string> history = [];
    private TransitionModel? model;
    private long now = 1_000, pressed = long.MinValue;
    private int next;
    private long pressure;

    /// <summary>Packets that went to somebody else than the flow's backend, each with what came before.</summary>
    public List<string> Broken { get; } = [];

    public int Checked { get; private set; }

    public long Pressure => table.Pressure;

    public int Records => table.Records.Count();

    public int Settled => slots.Count(slot => slot.Slot.IsSettled);

    private TransitionModel Model => model ??= new TransitionModel(table);

    public void Begin(int count)
    {
        for (int i = 0; i < count; i++)
        {
            backends[next++] = (BackendTakes.Active, 0);
        }

        Tell();
        for (int slot = 0; slot < Slots; slot++)
        {
            slots[slot] = SlotState.Settled(Owner(slot));
        }
    }

    public void Step()
    {
        switch (random.Next(12))
        {
            case 0: Set(BackendTakes.Existing, "drain"); break;
            case 1: Set(BackendTakes.Existing, "suspect"); break;
            case 2: Set(BackendTakes.None, "down"); break;
            case 3 or 4: Set(BackendTakes.Active, "up"); break;
            case 5: Reweigh(); break;
            case 6 when backends.Count < 8: Add(); break;
            case 7: Flood(); break;
            case 8: End(); break;
            default: Open(random.Next(1, 30)); break;
        }

        Speak(all: false);
        Pass(random.Next(3) == 0 ? random.Next(60, Holding / 2) : random.Next(1, 60));
    }

    /// <summary>Nothing changes any more, and everybody ends.</summary>
    public void Rest()
    {
        flows.Clear();
        for (int i = 0; i < 8; i++)
        {
            Pass(Holding / 2);
        }
    }

    private void Set(BackendTakes takes, string how)
    {
        int backend = backends.Keys.ElementAt(random.Next(backends.Count));
        if (backends[backend].Takes == takes || (takes != BackendTakes.Active && backends.Count(b => b.Value.Takes == BackendTakes.Active) < 3))
        {
            return;
        }

        Note($"{how} {backend}");
        backends[backend] = backends[backend] with { Takes = takes };
        if (takes != BackendTakes.None)
        {
            Recover(backend);
        }
        else
        {
            flows.RemoveAll(flow => flow.Backend == backend);
        }

        Tell();
        Assign();
    }

    private void Add()
    {
        Note($"add {next}");
        backends[next++] = (BackendTakes.Active, 0);
        Tell();
        Assign();
    }

    private void Reweigh()
    {
        int backend = backends.Keys.ElementAt(random.Next(backends.Count));
        Note($"reweigh {backend}");
        backends[backend] = backends[backend] with { Weighted = backends[backend].Weighted + 1 };
        Assign();
    }

    /// <summary>E4: what went to the owners while the backend was down has no record, and is to stay with them.</summary>
    private void Recover(int backend)
    {
        if (Model.RefusedDown.ContainsKey(backend))
        {
            for (int slot = 0; slot < Slots; slot++)
            {
                slots[slot] = slots[slot].Forget(backend);
            }

            Model.ForgetRefused(backend);
        }
    }

    private void Assign()
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            int owner = Owner(slot);
            slots[slot] = slots[slot].Give(owner, now, refused: Model.RefusedDown.ContainsKey(slots[slot].Slot.Default));
        }
    }

    private void Open(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Connection flow = new((uint)random.NextInt64(1L << 32), (uint)random.NextInt64(1L << 32));
            flow.Backend = Send(flow, FlowSignal.Begin);
            Check(flow, FlowSignal.Data); // the third packet of the handshake
            flows.Add(flow);
        }
    }

    /// <summary>Beginnings that nobody goes on with.</summary>
    private void Flood()
    {
        Note("flood");
        for (int i = 0; i < 40 * sets; i++)
        {
            Send(new((uint)random.NextInt64(1L << 32), (uint)random.NextInt64(1L << 32)), FlowSignal.Begin);
        }
    }

    private void End()
    {
        foreach (Connection flow in flows.Where(_ => random.Next(4) == 0).ToArray())
        {
            Check(flow, FlowSignal.End);
            flows.Remove(flow);
        }
    }

    /// <summary>Some speak, and all who have been silent for long.</summary>
    private void Speak(bool all)
    {
        foreach (Connection flow in flows.Where(flow => all || random.Next(3) == 0 || now - flow.Seen > Holding / 3))
        {
            Check(flow, FlowSignal.Data);
        }
    }

    private void Pass(int seconds)
    {
        now += seconds;
        Speak(all: false);
        pressed = table.Pressure > pressure ? now : pressed;
        pressure = table.Pressure;
        int stamp = FlowRecord.StampOf(now);
        table.Sweep(record => RecordSweep.Drops(record, slots[SlotOf(record.Tag)].Slot, removed: false, Idle, stamp));
        HashSet<int> strangers = [.. table.Records.Where(record => record.Id != slots[SlotOf(record.Tag)].Slot.Current).Select(record => SlotOf(record.Tag))];
        for (int slot = 0; slot < Slots; slot++)
        {
            slots[slot] = slots[slot].Flip(now, Holding, pressed).Settle(strangers.Contains(slot));
        }
    }

    private void Check(Connection flow, FlowSignal signal)
    {
        int backend = Send(flow, signal);
        Checked++;
        flow.Seen = now;
        if (backend != flow.Backend)
        {
            Broken.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"seed {seed}, {now}: {flow.H1:x8} of {flow.Backend} went to {backend}; slot {SlotOf(flow.H1)} is {slots[SlotOf(flow.H1)]}; {string.Join(", ", history.TakeLast(12))}"));
            flow.Backend = backend;
        }
    }

    private int Send(Connection flow, FlowSignal signal)
    {
        if (plain)
        {
            return slots[SlotOf(flow.H1)].Slot.Current;
        }

        int backend = Model.Choose(slots[SlotOf(flow.H1)].Slot, flow.H1, flow.H2, signal, FlowRecord.StampOf(now));
        return backends[backend].Takes.HasFlag(BackendTakes.Existing)
            ? backend
            : throw new InvalidOperationException($"seed {seed}: a packet went to {backend}, which is down: {string.Join(", ", history.TakeLast(12))}");
    }

    private void Tell() => Model.Backends = backends.ToImmutableDictionary(b => b.Key, b => b.Value.Takes);

    private void Note(string what) => history.Add(string.Create(CultureInfo.InvariantCulture, $"{now}: {what}"));

    /// <summary>Rendezvous: a change moves what it must.</summary>
    private int Owner(int slot) => backends.Where(b => b.Value.Takes.HasFlag(BackendTakes.New)).MaxBy(b => Score(slot, b.Key, b.Value.Weighted)).Key;

    private static uint Score(int slot, int backend, int weighted)
    {
        ulong x = ((ulong)(uint)slot << 40) ^ ((ulong)(uint)backend << 20) ^ (uint)weighted;
        x = (x ^ (x >> 31)) * 0x9e3779b97f4a7c15;
        x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9;
        return (uint)(x >> 32);
    }

    private static int SlotOf(uint h1) => (int)(h1 >> (32 - SlotBits));

    private sealed class Connection(uint h1, uint h2)
    {
        public uint H1 { get; } = h1;

        public uint H2 { get; } = h2;

        public int Backend { get; set; }

        public long Seen { get; set; }
    }
}
