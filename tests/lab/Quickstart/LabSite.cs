using System.Collections.Immutable;
using Weir.Lab.Accounting;
using Weir.Lab.Network;
using Weir.Lab.Tools;

namespace Weir.Lab.Quickstart;

/// <param name="Named">Slots that the compiler said move, against the bundle before.</param>
internal sealed record SiteBundle(string Directory, ImmutableHashSet<PoolSlot> Named);

/// <summary>The site <c>lab</c>: the tools at work on the lab's hosts.</summary>
internal sealed class LabSite(LabNetwork lab, TopologyRepository repository, Say say)
{
    private const string Site = "lab";

    public LabNetwork Lab { get; } = lab;

    public TopologyRepository Repository { get; } = repository;

    /// <summary>Validates and builds a commit; with the bundle before it, asks which slots move.</summary>
    public async Task<SiteBundle> BuildAsync(string commit, SiteBundle? before, CancellationToken cancellation)
    {
        say.Step("weir validate");
        say.Detail((await WeirTools.WeirAsync(["validate", Repository.Directory], cancellation)).Required().Error);

        say.Step($"weir build --site {Site} --rev {commit[..10]}{(before is null ? string.Empty : " --compare OLD")}");
        var output = Path.Combine(Lab.Directory, $"bundle-{commit[..10]}");
        string[] compare = before is null ? [] : ["--compare", before.Directory, "--format", "json"];
        var built = (await WeirTools.BuildAsync(Repository.Directory, Site, output, cancellation, commit, compare)).Required();
        return new SiteBundle(output, before is null ? [] : NamedSlots.Parse(built.Output));
    }

    public async Task ApplyAsync(SiteBundle bundle, CancellationToken cancellation)
    {
        say.Step("weir-applier apply, in the load balancer's namespace");
        var applied = (await WeirTools.ApplyAsync(Lab.LoadBalancer, bundle.Directory, cancellation)).Required();
        say.Detail(applied.Error + applied.Output);
    }

    public async Task DecapAsync(CancellationToken cancellation)
    {
        foreach (var result in await Task.WhenAll(Lab.Backends.Select(backend => WeirTools.DecapAsync(backend, cancellation))))
        {
            result.Required();
        }
    }
}
