using System.Collections.Immutable;
using System.Net.Sockets;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Sources;
using Weir.Compiler.Topologies;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Examples;

/// <summary>What <c>examples/edge-fleet</c> promises to whoever copies it.</summary>
public sealed class EdgeFleetTests
{
    private static readonly SourceSet Sources = TopologyDirectory.Read(Path.Combine(RepositoryRoot.Path, "examples/edge-fleet/topology"));

    private static readonly Lazy<CheckResult> Checked = new(() => TopologyCompiler.Check(Sources));

    private static Topology Estate => Checked.Value.Topology ?? throw new InvalidOperationException(new TextRenderer(Sources, "", color: false).Render(Checked.Value.Diagnostics));

    [Fact]
    public void It_is_valid_and_without_findings()
    {
        ImmutableArray<Diagnostic> found = Checked.Value.Diagnostics;
        Assert.True(found.IsEmpty, new TextRenderer(Sources, "", color: false).Render(found));
    }

    [Fact]
    public void It_is_as_large_as_its_README_says() => Assert.Equal(
        (4, 12, 40, 120),
        (Estate.Sites.Length, Estate.Sites.Sum(site => site.Hosts.Length), Estate.Pools.Length, Estate.Vips.Length));

    [Fact]
    public void It_uses_what_the_language_has()
    {
        Assert.Contains(Estate.Vips, vip => !vip.Ranges.IsEmpty);
        Assert.Contains(Estate.Vips, vip => !vip.PoolsAtSites.IsEmpty);
        Assert.Contains(Estate.Vips, vip => vip.Protected);
        Assert.Contains(Estate.Pools, pool => pool.Prefer.Local);
        Assert.Contains(Estate.Pools, pool => !pool.Prefer.Labels.IsEmpty);
        Assert.Contains(Estate.Pools, pool => pool.Encapsulation is not null);
        Assert.Contains(Estate.Pools, pool => !pool.Sites.IsEmpty);
        Assert.Contains(Estate.Pools.SelectMany(pool => pool.Backends), backend => backend.Encapsulation is not null);
        Assert.Equal(
            [BackendState.Active, BackendState.Drain, BackendState.Down],
            Estate.Pools.SelectMany(pool => pool.Backends).Select(backend => backend.State).Distinct().Order());
        Assert.Equal(
            [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6],
            Estate.Pools.SelectMany(pool => pool.Backends).Select(backend => backend.Address.AddressFamily).Distinct().Order());
        Assert.NotEqual(Limits.Default, Estate.Sites[0].Limits);
        Assert.NotEqual(Policy.Default, Estate.Policy);
    }

    /// <summary>Nobody's machines: RFC 1918, RFC 5737, RFC 3849.</summary>
    [Fact]
    public void Its_addresses_are_for_documentation_or_private()
    {
        string[] allowed = ["10.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"];
        System.Net.IPNetwork[] networks = [.. allowed.Select(System.Net.IPNetwork.Parse)];
        Assert.All(
            Estate.Vips.SelectMany(vip => vip.Addresses.Concat(vip.Ranges.Select(range => range.BaseAddress)))
                .Concat(Estate.Pools.SelectMany(pool => pool.Backends).Select(backend => backend.Address)),
            address => Assert.Contains(networks, network => network.Contains(address)));
    }

    [Theory]
    [InlineData("ams1")]
    [InlineData("fra1")]
    [InlineData("lon1")]
    [InlineData("nyc1")]
    public void Every_site_compiles_to_the_same_bytes_whatever_the_files_are_called(string site)
    {
        SiteCompilation first = SiteCompilation.Compile(Estate, site, commit: null);
        Assert.Empty(first.Findings);
        SourceSet others = SourceSet.Of(Sources.Files.Reverse().Select((file, i) => file with { Path = $"{i:D2}.yaml" }));
        SiteCompilation second = SiteCompilation.Compile(TopologyCompiler.Check(others, TestContext.Current.CancellationToken).Topology!, site, commit: null);
        Assert.Equal(first.Bundle!.Digest, second.Bundle!.Digest);
    }
}
