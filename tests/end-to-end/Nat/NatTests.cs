using System.Collections.Immutable;
using Weir.Applier.Apply;
using Weir.Applier.Generations;
using Weir.Applier.Status;
using Weir.Lab.Traffic;
using Xunit;

namespace Weir.EndToEnd.Tests.Nat;

/// <summary>Backends that know nothing of the load balancer, over real TCP: from and to either family.</summary>
public sealed class NatTests(NatSite site) : IClassFixture<NatSite>
{
    /// <summary>Requests of 60,000 bytes fill packets: what is too long from IPv4 to IPv6 is found out by path MTU discovery.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Clients_of_either_family_reach_backends_of_either_family(int family)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await site.ApplyAsync(stop);
        SortedSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < 30; i++)
        {
            using HttpConnection connection = await site.ConnectAsync(NatSite.Vips[family], stop);
            string backend = await connection.RequestAsync(last: false, stop, bodyBytes: 60_000).WaitAsync(TimeSpan.FromSeconds(20), stop);
            Assert.Equal(backend, await connection.RequestAsync(last: true, stop).WaitAsync(TimeSpan.FromSeconds(20), stop));
            seen.Add(backend);
        }

        Assert.Equal(["web-1", "web-2", "web-3"], seen);
    }

    /// <summary>A drained backend keeps its connections though its slots are others'; new programs take over the table.</summary>
    [Fact]
    public async Task Connections_outlive_every_kind_of_change()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await site.ApplyAsync(stop);
        List<(HttpConnection Connection, string Backend)> open = [];
        try
        {
            for (int i = 0; i < 12; i++)
            {
                HttpConnection connection = await site.ConnectAsync(NatSite.Vips[i % 2], stop);
                open.Add((connection, await connection.RequestAsync(last: false, stop)));
            }

            Assert.Contains(open, o => o.Backend == "web-1");
            ImmutableSortedDictionary<string, string> drained = ImmutableSortedDictionary<string, string>.Empty.Add("web-1", "drain");
            string more = "  extra: { address: 203.0.113.11, ports: [tcp/81], pool: web, sites: [lab] }\n";
            Assert.Equal(ChangeKind.Population, (await site.ApplyAsync(stop, states: drained)).Change);
            await AllKeepAsync(open, stop);
            Assert.Equal(ChangeKind.Program, (await site.ApplyAsync(stop, more, drained)).Change);
            await AllKeepAsync(open, stop);

            ApplyOutcome back = await site.ApplyAsync(stop, more);
            Assert.Equal(ChangeKind.Population, back.Change);
            await AllKeepAsync(open, stop);
        }
        finally
        {
            open.ForEach(o => o.Connection.Dispose());
        }
    }

    [Fact]
    public async Task Status_tells_how_many_connections_there_are_and_what_is_not_as_applied()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await site.ApplyAsync(stop, sources: "10.10.8.44/31, \"2001:db8:a::2c/127\"");
        await site.ApplyAsync(stop);
        NatStatus before = (await site.StatusAsync(stop)).Live!.Nat!;
        Assert.Equal(("lb1", 4 << 15, 0, 0), (before.Host, before.Room, before.Connections, before.Settled));
        Assert.Equal(["10.10.8.32/30", "2001:db8:a::20/126"], before.Sources);
        using HttpConnection one = await site.ConnectAsync(NatSite.Vips[0], stop), other = await site.ConnectAsync(NatSite.Vips[1], stop);
        await one.RequestAsync(last: false, stop);
        await other.RequestAsync(last: false, stop);
        InterfaceStatus after = await site.StatusAsync(stop);
        Assert.Equal((2, 2), (after.Live!.Nat!.Connections, after.Live.Nat.Settled));
        Assert.Equal(InterfaceCondition.Live, after.State);
    }

    [Fact]
    public async Task Other_sources_are_applied_and_said_to_end_connections()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await site.ApplyAsync(stop);
        ApplyOutcome other = await site.ApplyAsync(stop, sources: "10.10.8.40/30, \"2001:db8:a::28/126\"");
        Assert.Equal(ChangeKind.Tables, other.Change);
        Assert.Contains("its connections through NAT end", other.Reason, StringComparison.Ordinal);
    }

    private static async Task AllKeepAsync(List<(HttpConnection Connection, string Backend)> open, CancellationToken stop)
    {
        foreach ((HttpConnection connection, string backend) in open)
        {
            Assert.Equal(backend, await connection.RequestAsync(last: false, stop, bodyBytes: 5000).WaitAsync(TimeSpan.FromSeconds(20), stop));
        }
    }
}
