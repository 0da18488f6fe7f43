namespace Weir.Kernels.Tests;

/// <summary>One check in a guest.</summary>
/// <param name="Script">File in <c>guest/checks</c>, without its extension.</param>
internal sealed record Check(string Name, string Script, params string[] Arguments);

/// <summary>All that is checked in every kernel, in this order.</summary>
internal static class Checks
{
    /// <summary>The examples whose programs run, each with the site that is built.</summary>
    public static readonly (string Name, string Directory, string Site)[] Examples =
    [
        ("quickstart", "examples/quickstart/topology", "lab"),
        ("dual-stack-edge", "examples/dual-stack-edge/topology", "ams1"),
    ];

    public static IEnumerable<Check> All(string series) =>
    [
        new("boot", "boot", series),
        .. Examples.SelectMany(x => Of(x.Name)),
    ];

    private static IEnumerable<Check> Of(string bundle) =>
    [
        new($"{bundle}-applies", "apply", bundle),
        new($"{bundle}-serves-tcp", "traffic", bundle, "tcp"),
        new($"{bundle}-serves-udp", "traffic", bundle, "udp"),
        new($"{bundle}-answers-echo", "echo", bundle),
        new($"{bundle}-serves-vlan", "vlan", bundle, "vlan"),
        new($"{bundle}-serves-qinq", "vlan", bundle, "qinq"),
        new($"{bundle}-detaches", "detach", bundle),
    ];
}
