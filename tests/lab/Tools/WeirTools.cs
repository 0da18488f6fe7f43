using Weir.Lab.Network;
using Weir.Lab.Processes;
using Weir.Testing;

namespace Weir.Lab.Tools;

/// <summary>The two tools as a build leaves them in artifacts/bin, run as a user runs them.</summary>
public static class WeirTools
{
    private static string Bin(string name) => Path.Combine(RepositoryRoot.Path, "artifacts", "bin", name);

    /// <summary><c>weir</c> with these arguments, in the machine's own namespace.</summary>
    public static Task<CommandResult> WeirAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        Command.RunAsync(Bin("weir"), arguments, cancellation);

    /// <summary><c>weir build</c> of a revision of a repository, or of the directory as it is.</summary>
    public static Task<CommandResult> BuildAsync(string directory, string site, string output, CancellationToken cancellation, string? revision = null, params string[] more)
    {
        string[] at = revision is null ? [] : ["--rev", revision];
        return WeirAsync(["build", directory, "--site", site, "-o", output, .. at, .. more], cancellation);
    }

    /// <summary><c>weir-applier</c> on a host of a lab, with that host's own state and bpffs.</summary>
    public static Task<CommandResult> ApplierAsync(LabHost host, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        host.RunAsync(Bin("weir-applier"), [.. arguments, "--state-dir", host.State, "--bpffs", host.Bpf], cancellation);

    public static Task<CommandResult> ApplyAsync(LabHost host, string bundle, CancellationToken cancellation, params string[] more) =>
        ApplierAsync(host, ["apply", "--bundle", bundle, "--interface", LabHost.Interface, .. more], cancellation);

    /// <summary>Decapsulation of what the lab's load balancer sends.</summary>
    public static Task<CommandResult> DecapAsync(LabHost host, CancellationToken cancellation) =>
        ApplierAsync(host, ["decap", "--interface", LabHost.Interface, "--from", AddressPlan.OuterSourcesV4, "--from", AddressPlan.OuterSourcesV6], cancellation);
}
