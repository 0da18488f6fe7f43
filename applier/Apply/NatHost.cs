using Weir.Compiler.Planning;

namespace Weir.Applier.Apply;

/// <summary>Which of the site's hosts this is, where its NAT sources are needed.</summary>
internal static class NatHost
{
    /// <param name="host">As asked for; null: the one that is called as this machine, or the only one.</param>
    /// <returns>Null where nothing of the plan is reached by NAT.</returns>
    /// <exception cref="ApplierException">It is not known which host this is.</exception>
    public static HostNatSources? Of(SitePlan plan, string? host)
    {
        if (plan.NatSources.IsEmpty)
        {
            return null;
        }

        string hosts = string.Join(", ", plan.NatSources.Select(h => h.Host));
        if (host is not null)
        {
            return plan.NatSources.FirstOrDefault(h => h.Host == host)
                ?? throw ApplierException.Failed($"Site {plan.Site} has no host {host}. It has {hosts}.");
        }

        return plan.NatSources.FirstOrDefault(h => string.Equals(h.Host, Environment.MachineName, StringComparison.OrdinalIgnoreCase))
            ?? (plan.NatSources is [var only] ? only : null)
            ?? throw ApplierException.Failed($"Which host of site {plan.Site} is this? Its NAT sources are its own: say --host with one of {hosts}.");
    }
}
