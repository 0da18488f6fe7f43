using System.Collections.Immutable;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans.Objects;

/// <summary>VIPs that have another name than before: the same addresses and ports under a name that was not there.</summary>
internal static class Renames
{
    /// <returns>New name to old name.</returns>
    public static ImmutableDictionary<string, string> Of(Topology before, Topology after)
    {
        HashSet<string> old = [.. before.Vips.Select(v => v.Name)];
        HashSet<string> now = [.. after.Vips.Select(v => v.Name)];
        Dictionary<string, string> gone = [];
        foreach (Vip vip in before.Vips.Where(v => !now.Contains(v.Name)))
        {
            gone.TryAdd(Services(vip), vip.Name);
        }

        var renames = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (Vip vip in after.Vips.Where(v => gone.Count > 0 && !old.Contains(v.Name)))
        {
            if (gone.Remove(Services(vip), out string? name))
            {
                renames.Add(vip.Name, name);
            }
        }

        return renames.ToImmutable();
    }

    private static string Services(Vip vip) => $"{string.Join(' ', vip.Addresses)};{string.Join(' ', vip.Ranges)};{string.Join(' ', vip.Ports.Select(PortText.Format))}";
}
