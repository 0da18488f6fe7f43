using System.Net;
using System.Net.Sockets;
using Weir.Lab.Processes;

namespace Weir.Lab.Network;

/// <summary>A host of the lab: a network namespace, its one interface to the router, its addresses.</summary>
public sealed class LabHost(string role, NetworkNamespace network, IPAddress v4, IPAddress v6, string directory) : IDisposable
{
    /// <summary>Every host's interface to the router; the router's are named after the host.</summary>
    public const string Interface = "eth0";

    /// <summary><c>client</c>, <c>lb</c>, <c>web-1</c>, ...</summary>
    public string Role { get; } = role;

    public NetworkNamespace Network { get; } = network;

    public IPAddress V4 { get; } = v4;

    public IPAddress V6 { get; } = v6;

    /// <summary>Mount point of the host's own bpffs, made by <see cref="MountBpfAsync"/>.</summary>
    public string Bpf { get; } = Path.Combine(directory, "bpf");

    /// <summary>A folder for whatever the host keeps.</summary>
    public string State { get; } = Path.Combine(directory, "state");

    /// <summary>This host's address of the family of <paramref name="other"/>.</summary>
    public IPAddress Toward(IPAddress other) => other.AddressFamily == AddressFamily.InterNetwork ? V4 : V6;

    /// <summary>Runs a program inside. <c>nsenter --net</c> and not <c>ip netns exec</c>, which hides /sys/fs/bpf.</summary>
    public Task<CommandResult> RunAsync(string file, IReadOnlyList<string> arguments, CancellationToken cancellation, string? input = null) =>
        Command.RunAsync("nsenter", [$"--net={Network.Path}", "--", file, .. arguments], cancellation, input);

    /// <summary>A bpffs of its own, so that pins of hosts, labs and the machine never meet.</summary>
    public async Task MountBpfAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Bpf);
        Directory.CreateDirectory(State);
        (await Command.RunAsync("mount", ["-t", "bpf", Network.Name, Bpf], cancellation)).Required();
    }

    /// <summary>Takes addresses on <c>lo</c>: so it takes packets for a VIP and keeps quiet about it. Without their prefix routes,
    /// which on <c>lo</c> are unreachable routes that answer packets until the address itself is ready.</summary>
    public async Task HoldAsync(IEnumerable<IPAddress> addresses, CancellationToken cancellation)
    {
        var lines = string.Concat(addresses.Select(address => address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"address replace {address} dev lo nodad noprefixroute\n"
            : $"address replace {address} dev lo\n"));
        (await Command.RunAsync("ip", ["-n", Network.Name, "-batch", "-"], cancellation, lines)).Required();
    }

    public void Dispose()
    {
        Libc.Detach(Bpf);
        Network.Dispose();
    }
}
