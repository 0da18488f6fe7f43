using System.Collections.Immutable;
using Weir.Lab.Network;
using Weir.Lab.Traffic;
using Xunit;

namespace Weir.EndToEnd.Tests.Tunnels;

/// <summary>Every encapsulation in one program, over both families and with both inside, taken out by <c>weir-applier decap</c>; and what that does not take.</summary>
public sealed class TunnelTests(TunnelSite site) : IClassFixture<TunnelSite>
{
    public static TheoryData<string> Kinds { get; } = [.. TunnelSite.Kinds.Select(kind => kind.Name)];

    /// <summary>Requests of 20,000 bytes fill packets: each encapsulation leaves them another length, which clients find out by path MTU discovery.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Clients_of_either_family_reach_backends_over_either_family(string kind)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await site.ReceiveAsync(stop);
        foreach (int family in (int[])[0, 1])
        {
            SortedSet<string> seen = new(StringComparer.Ordinal);
            for (int i = 0; i < 60 && seen.Count < 2; i++)
            {
                using HttpConnection connection = await site.ConnectAsync(TunnelSite.Vip(kind, family), stop);
                seen.Add(await connection.RequestAsync(last: true, stop, bodyBytes: 20_000).WaitAsync(TimeSpan.FromSeconds(20), stop));
            }

            Assert.Equal(["web-1", "web-2"], seen);
            Assert.Equal(["web-1", "web-2"], (await site.AskAsync(kind, family, stop)).Distinct().Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Nothing_is_taken_from_others(string kind)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await site.ReceiveAsync(stop);
        LabHost strict = site.Lab.Backends[0];
        await TunnelSite.ReceiveAsync(strict, stop, "--from", "10.99.0.0/16", "--from", AddressPlan.OuterSourcesV6);
        AssertOnlyOneAnswers(await site.AskAsync(kind, 0, stop), "web-2");
        Assert.True(await TunnelSite.CountAsync(strict, "drop-sender", stop) > 0);
        Assert.Equal(0, await TunnelSite.CountAsync(strict, "decapsulated", stop));
    }

    [Fact]
    public async Task Of_other_types_nothing_is_taken()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await site.ReceiveAsync(stop);
        LabHost strict = site.Lab.Backends[0];
        await TunnelSite.ReceiveAsync(strict, stop, "--from", AddressPlan.OuterSourcesV4, "--types", "gue,geneve");
        AssertOnlyOneAnswers(await site.AskAsync("gre", 1, stop), "web-2");
        AssertOnlyOneAnswers(await site.AskAsync("ipip", 0, stop), "web-2");
        Assert.Equal(0, await TunnelSite.CountAsync(strict, "decapsulated", stop));
        Assert.DoesNotContain(null, await site.AskAsync("gue-sum", 1, stop));
        Assert.DoesNotContain(null, await site.AskAsync("geneve-options", 0, stop));
    }

    /// <summary>RFC 8200, section 8.1; RFC 6935 permits what was agreed on.</summary>
    [Fact]
    public async Task Over_ipv6_no_checksum_is_taken_only_where_that_was_agreed_on()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await site.ReceiveAsync(stop);
        Assert.DoesNotContain(null, await site.AskAsync("gue-zero", 0, stop));
        LabHost strict = site.Lab.Backends[1];
        await TunnelSite.ReceiveAsync(strict, stop, "--from", AddressPlan.OuterSourcesV6);
        AssertOnlyOneAnswers(await site.AskAsync("gue-zero", 0, stop), "web-1");
        Assert.True(await TunnelSite.CountAsync(strict, "drop-checksum", stop) > 0);
        Assert.DoesNotContain(null, await site.AskAsync("gue", 0, stop));
    }

    private static void AssertOnlyOneAnswers(ImmutableArray<string?> answers, string backend)
    {
        Assert.Contains(backend, answers);
        Assert.Contains(null, answers);
        Assert.All(answers, answer => Assert.True(answer is null || answer == backend, answer));
    }
}
