using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Model.Transition;
using Weir.Compiler.Rings.Transition;

namespace Weir.DataPlaneTests.Tracking;

/// <summary>Hours of a pool, with the real program: backends drain, fail, recover and get other weights, connections begin, go on and end; what a host does with slots and records
/// is done by the rules (E1 to E4, sweep).</summary>
/// <param name="follows">Whether slots keep their history; without it there is the ring alone.</param>
internal sealed class TrackedHours(TrackingSession session, int pool, int seed, bool follows)
{
    /// <summary>In 2^30 ns.</summary>
    private const int Holding = 3600, Idle = 7200, Backends = 4;

    private const string Vip = "203.0.113.10";

    private readonly Random random = new(seed);
    private readonly SlotState[] slots = [.. session.Pool(pool).Slots.Select(slot => new SlotState(slot, 0))];
    private readonly BackendTakes[] takes = [.. Enumerable.Repeat(BackendTakes.Active, Backends)];
    private readonly int[] weighted = new int[Backends];
    private readonly List<Connection> connections = [];
    private readonly List<string> history = [];
    private long now, pressed = long.MinValue, pressure;
    private ushort next = 1024;

    /// <summary>Packets that went to somebody else than their connection's backend.</summary>
    public List<string> Broken { get; } = [];

    public int Checked { get; private set; }

    /// <summary>Packets that went to a backend which was down.</summary>
    public int ToTheDead { get; private set; }

    public void Step()
    {
        switch (random.Next(8))
        {
            case 0: Set(BackendTakes.Existing); break;
            case 1: Set(BackendTakes.None); break;
            case 2 or 3: Set(BackendTakes.Active); break;
            case 4: weighted[random.Next(Backends)]++; Assign("other weights"); break;
            case 5: End(); break;
            default: Open(random.Next(1, 12)); break;
        }

        Pass(random.Next(3) == 0 ? random.Next(60, Holding / 2) : random.Next(1, 60));
    }

    private void Set(BackendTakes now)
    {
        int backend = random.Next(Backends);
        if (takes[backend] == now || (now != BackendTakes.Active && takes.Count(t => t == BackendTakes.Active) < 2))
        {
            return;
        }

        takes[backend] = now;
        PoolTransitions about = session.Pool(pool);
        about.Model.Backends = Enumerable.Range(0, Backends).ToImmutableDictionary(id => id, id => takes[id]);
        if (now == BackendTakes.None)
        {
            connections.RemoveAll(connection => connection.Backend == backend);
        }
        else if (about.Model.RefusedDown.ContainsKey(backend))
        {
            for (int slot = 0; slot < slots.Length; slot++)
            {
                slots[slot] = slots[slot].Forget(backend);
            }

            about.Model.ForgetRefused(backend);
        }

        Assign($"{backend} takes {now}");
    }

    private void Assign(string what)
    {
        history.Add(string.Create(CultureInfo.InvariantCulture, $"{now}: {what}"));
        PoolTransitions about = session.Pool(pool);
        for (int slot = 0; slot < slots.Length; slot++)
        {
            int owner = Owner(slot);
            slots[slot] = follows ? slots[slot].Give(owner, now, refused: about.Model.RefusedDown.ContainsKey(slots[slot].Slot.Default)) : SlotState.Settled(owner);
        }

        Write();
    }

    private void Open(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Connection connection = new(next++);
            connection.Backend = Send(connection, 0x02);
            connections.Add(connection);
            Check(connection, 0x10);
        }
    }

    private void End()
    {
        foreach (Connection connection in connections.Where(_ => random.Next(4) == 0).ToArray())
        {
            Check(connection, 0x11);
            connections.Remove(connection);
        }
    }

    private void Pass(int seconds)
    {
        now += seconds;
        session.Pass(seconds);
        foreach (Connection connection in connections.Where(connection => random.Next(3) == 0 || now - connection.Seen > Holding / 3))
        {
            Check(connection, 0x10);
        }

        PoolTransitions about = session.Pool(pool);
        pressed = about.Records.Pressure > pressure ? now : pressed;
        pressure = about.Records.Pressure;
        session.Sweep(pool, record => RecordSweep.Drops(record, slots[SlotOf(record)].Slot, removed: false, Idle, session.Now));
        HashSet<int> strangers = [.. about.Records.Records.Where(record => record.Id != slots[SlotOf(record)].Slot.Current).Select(SlotOf)];
        for (int slot = 0; slot < slots.Length; slot++)
        {
            slots[slot] = slots[slot].Flip(now, Holding, pressed).Settle(strangers.Contains(slot));
        }

        Write();
    }

    private void Check(Connection connection, byte flags)
    {
        int backend = Send(connection, flags);
        Checked++;
        connection.Seen = now;
        if (backend != connection.Backend)
        {
            Broken.Add(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {now}: a connection of {connection.Backend} went to {backend}; {string.Join(", ", history.TakeLast(8))}"));
            connection.Backend = backend;
        }
    }

    private int Send(Connection connection, byte flags)
    {
        IpFields ip = new(IPAddress.Parse("198.51.100.7"), IPAddress.Parse(Vip));
        byte[] transport = FrameWriter.Transport(ip, 6, connection.Port, 443, 10);
        transport[13] = flags;
        FrameWriter.SetChecksum(ip, 6, transport);
        int backend = session.Send(FrameWriter.Frame(ip, 6, transport)).Flow!.Backend!.Value;
        ToTheDead += takes[backend] == BackendTakes.None ? 1 : 0;
        return backend;
    }

    private void Write()
    {
        slots.Select(slot => slot.Slot).ToArray().CopyTo(session.Pool(pool).Slots, 0);
        session.Write(pool);
    }

    private int SlotOf(FlowRecord record) => (int)(record.Tag >> (32 - int.Log2(slots.Length)));

    /// <summary>Rendezvous: a change moves what it must.</summary>
    private int Owner(int slot) => Enumerable.Range(0, Backends).Where(id => takes[id].HasFlag(BackendTakes.New)).MaxBy(id => Score(slot, id, weighted[id]));

    private static uint Score(int slot, int backend, int weighted)
    {
        ulong x = ((ulong)(uint)slot << 40) ^ ((ulong)(uint)backend << 20) ^ (uint)weighted;
        x = (x ^ (x >> 31)) * 0x9e3779b97f4a7c15;
        x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9;
        return (uint)(x >> 32);
    }

    private sealed class Connection(ushort port)
    {
        public ushort Port { get; } = port;

        public int Backend { get; set; }

        public long Seen { get; set; }
    }
}
