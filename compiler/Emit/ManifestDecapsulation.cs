using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>What the site's hosts decapsulate themselves.</summary>
/// <param name="From">Prefixes in CIDR form.</param>
/// <param name="Types">As in YAML: <c>ipip</c>, <c>gre</c>, <c>gue</c>, <c>vxlan</c>, <c>geneve</c>.</param>
public sealed record ManifestDecapsulation(ImmutableArray<string> Addresses, ImmutableArray<string> From, ImmutableArray<string> Types)
{
    internal static ManifestDecapsulation? Of(Decapsulation? decapsulation) => decapsulation is null ? null : new(
        [.. decapsulation.Addresses.Select(a => a.ToString())],
        [.. decapsulation.From.Select(f => f.ToString())],
        [.. decapsulation.Types.Select(t => t.ToString().ToLowerInvariant())]);

    internal static bool Differ(Decapsulation? before, Decapsulation? after) => before is null || after is null
        ? before is not null || after is not null
        : !before.Addresses.SequenceEqual(after.Addresses) || !before.From.SequenceEqual(after.From) || !before.Types.SequenceEqual(after.Types);

    internal Decapsulation Read() => new(
        [.. Addresses.Select(IPAddress.Parse)],
        [.. From.Select(f => IPNetwork.Parse(f))],
        [.. Types.Select(t => Enum.Parse<EncapsulationType>(t, ignoreCase: true))]);

    /// <summary>What cannot be read back.</summary>
    internal IEnumerable<string> Problems() =>
    [
        .. Addresses.Where(a => !IPAddress.TryParse(a, out _)).Select(a => $"Decapsulation address {a} is no address."),
        .. From.Where(f => !IPNetwork.TryParse(f, out _)).Select(f => $"Decapsulation sender {f} is no prefix."),
        .. Types.Where(t => !Enum.TryParse<EncapsulationType>(t, ignoreCase: true, out _)).Select(t => $"Decapsulation of {t} is none that this version knows."),
    ];
}
