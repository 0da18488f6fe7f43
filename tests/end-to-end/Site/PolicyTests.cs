using Weir.Lab.Traffic;
using Xunit;

namespace Weir.EndToEnd.Tests.Site;

/// <summary>Source lists and routes, put in place and taken away under a client's eyes.</summary>
[Collection(LabSiteTests.Name)]
public sealed class PolicyTests(LabSite site)
{
    private const string Ports = "    ports: [tcp/80]";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Who_is_denied_is_not_served_until_the_list_is_gone(int family)
    {
        var stop = TestContext.Current.CancellationToken;
        await site.ResetAsync(stop);
        await AskAsync(family, stop);
        string denied = family == 0 ? "198.51.100.0/25" : "2001:db8:51::/64";
        await site.ApplyAsync(files => files.Replace(Ports, $"{Ports}\n    sources: {{ deny: [\"{denied}\"] }}", StringComparison.Ordinal), stop);
        var before = await site.CountAsync("drop-source-denied", stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AskAsync(family, stop, 1.5));
        await AskAsync(1 - family, stop);
        Assert.True(await site.CountAsync("drop-source-denied", stop) > before);
        await site.ResetAsync(stop);
        await AskAsync(family, stop);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Who_has_a_route_is_served_by_its_pool(int family)
    {
        var stop = TestContext.Current.CancellationToken;
        string client = family == 0 ? "198.51.100.2/32" : "2001:db8:51::2/128", backend = site.Lab.Backends[3].V4.ToString();
        await site.ApplyAsync(
            files => files
                .Replace(Ports, $"{Ports}\n    routes: [{{ source: \"{client}\", pool: own }}]", StringComparison.Ordinal)
                .Replace("\npools:\n", $"\npools:\n  own:\n    backends: [{{ name: web-4, address: {backend} }}]\n", StringComparison.Ordinal),
            stop);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("web-4", await AskAsync(family, stop));
        }

        Assert.NotEqual("web-4", await AskAsync(1 - family, stop));
    }

    private async Task<string> AskAsync(int family, CancellationToken stop, double seconds = 10)
    {
        using var connection = await HttpConnection.CreateAsync(site.Lab.Client, LabSite.Http[family]);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(seconds));
        await connection.ConnectAsync(deadline.Token);
        return await connection.RequestAsync(last: true, deadline.Token);
    }
}
