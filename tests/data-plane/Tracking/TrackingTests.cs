using System.Collections.Immutable;
using Weir.Compiler.Model;
using Weir.Compiler.Model.Transition;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings.Transition;
using Weir.Compiler.Topologies;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Tracking;

/// <summary><c>bpf/README.md</c>, section 11: whatever the host writes of slots and backends, program and model send every packet to the same backend and remember the same.</summary>
public sealed class TrackingTests(ITestOutputHelper output)
{
    private const int Rounds = 60, Packets = 60;

    public static TheoryData<string> Names => [.. Plans.Keys];

    private static Dictionary<string, Func<SitePlan>> Plans { get; } = new(StringComparer.Ordinal)
    {
        ["one set"] = () => TrackedPlans.Small(1),
        ["eight sets"] = () => TrackedPlans.Small(8),
        ["hashed"] = () => TrackedPlans.Small(2, hashed: true),
        ["wide"] = () => TrackedPlans.Small(2, wide: true),
        ["stateless"] = () => TrackedPlans.Small(2, stateless: true),
        ["source"] = () => TrackedPlans.Small(2, hash: HashPolicy.FiveTuple with { SourcePort = false, DestinationPort = false }),
        ["quic"] = () => TrackedPlans.Quic(2),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Program_and_model_agree(string name)
    {
        Random random = new(name.Length);
        using TrackingSession session = await TrackingSession.Open(Plans[name]());
        TrackedTraffic traffic = new(random);
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        for (int round = 0; round < Rounds; round++)
        {
            foreach (int pool in session.Tracked)
            {
                Change(session, pool, random);
            }

            session.Pass(random.Next(4) == 0 ? random.Next(20_000) : random.Next(20));
            for (int i = 0; i < Packets; i++)
            {
                Verdict verdict = session.Send(traffic.Next());
                string what = verdict.Reason is { } reason ? reason.ToString() : "sent";
                seen[what] = seen.GetValueOrDefault(what) + 1;
            }
        }

        output.WriteLine($"{session.Verified} verified; {string.Join(", ", seen.OrderByDescending(s => s.Value).Select(s => $"{s.Key} {s.Value}"))}");
        foreach (int pool in session.Tracked)
        {
            (ulong added, ulong adopted, ulong displaced, ulong refused) = session.Use(pool);
            PoolTransitions about = session.Pool(pool);
            output.WriteLine($"{session.Plan.Pools[pool].Name}: {added} added, {adopted} adopted, {displaced} displaced, {refused} refused, {about.Model.RefusedDown.Values.Sum()} while the default was down");
            Assert.Equal((ulong)about.Records.Pressure, displaced + refused);
            Assert.All(Enumerable.Range(0, session.Plan.Pools[pool].Backends.Length), id => Assert.Equal(about.Model.RefusedDown.GetValueOrDefault(id), session.RefusedDown(pool, id)));
        }
    }

    /// <summary>The promise: a connection to a backend that stays active, draining or suspect, and that is never silent for longer than the holding time, never changes backend. And no packet goes
    /// to a backend that is down.</summary>
    [Theory]
    [InlineData(32)]
    [InlineData(2)]
    public async Task No_connection_changes_its_backend(int sets)
    {
        TrackedHours[] hours = await Hours(sets, follows: true);
        output.WriteLine($"{hours.Sum(h => h.Checked)} packets, {hours.Sum(h => h.Broken.Count)} broken");
        Assert.All(hours, h => Assert.True(h.Checked > 100));
        Assert.Empty(hours.SelectMany(h => h.Broken));
        Assert.Equal(0, hours.Sum(h => h.ToTheDead));
    }

    /// <summary>The contrast.</summary>
    [Fact]
    public async Task By_the_ring_alone_connections_break()
    {
        TrackedHours[] hours = await Hours(2, follows: false);
        output.WriteLine($"{hours.Sum(h => h.Checked)} packets, {hours.Sum(h => h.Broken.Count)} broken");
        Assert.All(hours, h => Assert.True(h.Broken.Count > 10));
    }

    private static async Task<TrackedHours[]> Hours(int sets, bool follows)
    {
        List<TrackedHours> all = [];
        for (int seed = 1; seed <= 4; seed++)
        {
            using TrackingSession session = await TrackingSession.Open(TrackedPlans.Small(sets));
            TrackedHours hours = new(session, pool: 2, seed, follows);
            for (int step = 0; step < 80; step++)
            {
                hours.Step();
            }

            all.Add(hours);
        }

        return [.. all];
    }

    /// <summary>A plan where nothing is recorded has nothing of it in its program.</summary>
    [Fact]
    public void A_site_without_histories_has_no_records()
    {
        SitePlan plan = ExamplePlans.Small();
        Assert.DoesNotContain("record", Compiler.Emit.ProgramEmitter.Emit(Compiler.Lowering.SiteLowering.Lower(plan)), StringComparison.Ordinal);
    }

    /// <summary>Any slots, any backends: the rules for packets do not ask how they came about.</summary>
    private static void Change(TrackingSession session, int pool, Random random)
    {
        PoolTransitions about = session.Pool(pool);
        int backends = session.Plan.Pools[pool].Backends.Length;
        about.Model.Backends = Enumerable.Range(0, backends).ToImmutableDictionary(id => id, _ => (BackendTakes)random.Next(4));
        int kind = random.Next(5);
        for (int slot = 0; slot < about.Slots.Length; slot++)
        {
            int current = random.Next(12) == 0 ? RingSlot.Nobody : random.Next(backends), other = random.Next(12) == 0 ? RingSlot.Nobody : random.Next(backends);
            about.Slots[slot] = (kind == 4 ? random.Next(3) : kind) switch
            {
                0 => RingSlot.Settled(current),
                1 => new RingSlot(current, current, Consult: true),
                _ => new RingSlot(current, other, Consult: true),
            };
        }

        session.Write(pool);
    }
}
