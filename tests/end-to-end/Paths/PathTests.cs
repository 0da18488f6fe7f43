using Weir.Applier.Status;
using Xunit;

namespace Weir.EndToEnd.Tests.Paths;

/// <summary>Ways to a backend that are no tunnel to it: its MAC, the host itself, another site's load balancer.</summary>
public sealed class PathTests(PathSite site) : IClassFixture<PathSite>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Backends_on_the_same_link_get_packets_as_they_came(int family)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await site.ApplyAsync(stop);
        SortedSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < 60 && seen.Count < 2; i++)
        {
            seen.Add(await site.AskAsync(PathSite.Vip(family, 80), Patience, stop));
        }

        Assert.Equal(["near-1", "near-2"], seen);
        LiveStatus status = await site.StatusAsync(site.Lab.LoadBalancer, stop);
        Assert.Equal(["02:00:00:00:03:02", "02:00:00:00:04:02"], status.Links!.Select(link => link.Mac).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_the_host_serves_itself_goes_up_its_own_stack(int family)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await site.ApplyAsync(stop);
        long before = Backend(await site.StatusAsync(site.Lab.LoadBalancer, stop), "here").Packets;
        Assert.Equal("lb", await site.AskAsync(PathSite.Vip(family, 81), Patience, stop));
        Assert.True(Backend(await site.StatusAsync(site.Lab.LoadBalancer, stop), "here").Packets > before);
    }

    /// <summary>Over either family, by IP in IP and by GUE, taken out and sent on with GRE.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_is_handed_over_is_balanced_at_the_other_site(int family)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await site.ApplyAsync(stop);
        long refused = Reason(await site.StatusAsync(site.Far, stop), "drop-decap-sender");
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("web-1", await site.AskAsync(PathSite.Vip(family, 82), Patience, stop));
        }

        LiveStatus near = await site.StatusAsync(site.Lab.LoadBalancer, stop), far = await site.StatusAsync(site.Far, stop);
        Assert.All(near.Backends.Where(backend => backend.Pool == "away"), backend => Assert.True(backend.Packets > 0));
        Assert.True(Backend(far, "web").Packets > 0);
        Assert.Equal(refused, Reason(far, "drop-decap-sender"));
    }

    [Fact]
    public async Task Nothing_is_handed_over_by_others()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await site.ApplyAsync(stop, sources: "[10.10.0.9, \"2001:db8:10::9\"]");
        long before = Reason(await site.StatusAsync(site.Far, stop), "drop-decap-sender");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => site.AskAsync(PathSite.Vip(0, 82), TimeSpan.FromSeconds(1.5), stop));
        Assert.True(Reason(await site.StatusAsync(site.Far, stop), "drop-decap-sender") > before);
    }

    private static BackendStatus Backend(LiveStatus status, string pool) => status.Backends.Single(backend => backend.Pool == pool);

    private static long Reason(LiveStatus status, string name) => status.Reasons.SingleOrDefault(reason => reason.Name == name)?.Packets ?? 0;
}
