using System.Collections.Immutable;
using System.Net;
using System.Text;
using Weir.Lab.Processes;

namespace Weir.Lab.Network;

/// <summary>Namespaces wired as a small site: every host has one veth pair to the router, which routes the VIPs' networks
/// to the load balancer. Backends answer by themselves (DSR). Needs root, iproute2, ethtool and util-linux.</summary>
public sealed class LabNetwork : IAsyncDisposable
{
    private readonly LabOptions _options;
    private ImmutableArray<PassProgram> _pass = [];

    private LabNetwork(LabOptions options, LabHost client, LabHost loadBalancer, ImmutableArray<LabHost> backends, NetworkNamespace router)
    {
        _options = options;
        Client = client;
        LoadBalancer = loadBalancer;
        Backends = backends;
        Router = router;
    }

    public LabHost Client { get; }

    public LabHost LoadBalancer { get; }

    public ImmutableArray<LabHost> Backends { get; }

    public NetworkNamespace Router { get; }

    /// <summary>A folder for the lab's user; removed with the lab.</summary>
    public string Directory => _options.Directory;

    private IEnumerable<LabHost> Hosts => [Client, LoadBalancer, .. Backends];

    /// <summary>Makes and wires everything. When that fails or is cancelled, nothing of it is left.</summary>
    public static async Task<LabNetwork> CreateAsync(LabOptions options, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException("The lab makes network namespaces, which needs root on Linux.");
        }

        System.IO.Directory.CreateDirectory(options.Directory);
        try
        {
            string[] roles = ["client", "lb", .. options.Backends];
            var names = roles.Append("router").Select(role => NameOf(options, role));
            await BatchAsync("ip", [], string.Concat(names.Select(name => $"netns add {name}\n")), cancellation);
            var lab = Open(options);
            try
            {
                await lab.WireAsync(cancellation);
                return lab;
            }
            catch
            {
                await lab.DisposeAsync();
                throw;
            }
        }
        catch
        {
            Remove(options.Name);
            throw;
        }
    }

    /// <summary>Removes what a lab of that name left, however it ended: mounts, namespaces, files.</summary>
    public static void Remove(string name)
    {
        var directory = new LabOptions { Name = name }.Directory;
        if (System.IO.Directory.Exists(directory))
        {
            foreach (var host in System.IO.Directory.GetDirectories(directory))
            {
                Libc.Detach(Path.Combine(host, "bpf"));
            }

            System.IO.Directory.Delete(directory, recursive: true);
        }

        if (System.IO.Directory.Exists("/run/netns"))
        {
            foreach (var path in System.IO.Directory.GetFiles("/run/netns", $"{name}-*"))
            {
                NetworkNamespace.Remove(Path.GetFileName(path));
            }
        }
    }

    /// <summary>Gives every backend these addresses.</summary>
    public async Task HoldVipsAsync(IEnumerable<IPAddress> vips, CancellationToken cancellation)
    {
        foreach (var backend in Backends)
        {
            await backend.HoldAsync(vips, cancellation);
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var pass in _pass)
        {
            pass.Dispose();
        }

        foreach (var host in Hosts)
        {
            host.Dispose();
        }

        Router.Dispose();
        Remove(_options.Name);
        return ValueTask.CompletedTask;
    }

    private static LabNetwork Open(LabOptions options)
    {
        LabHost Host(string role, (IPAddress V4, IPAddress V6) addresses) =>
            new(role, NetworkNamespace.Open(NameOf(options, role)), addresses.V4, addresses.V6, Path.Combine(options.Directory, role));

        return new LabNetwork(
            options,
            Host("client", AddressPlan.Client),
            Host("lb", AddressPlan.LoadBalancer),
            [.. options.Backends.Select((name, index) => Host(name, AddressPlan.Backend(index + 1)))],
            NetworkNamespace.Open(NameOf(options, "router")));
    }

    private async Task WireAsync(CancellationToken cancellation)
    {
        var hosts = Hosts.ToImmutableArray();
        foreach (var network in hosts.Select(host => host.Network).Append(Router))
        {
            KernelSettings.Apply(network, forward: network == Router);
        }

        await BatchAsync("ip", [], string.Concat(hosts.Select(Link)), cancellation);
        await BatchAsync("ip", ["-n", Router.Name], RouterConfiguration(hosts), cancellation);
        foreach (var (host, link) in hosts.Select((host, link) => (host, link)))
        {
            await BatchAsync("ip", ["-n", host.Network.Name], HostConfiguration(host, link), cancellation);
            await Queueing.ApplyAsync(host.Network, [LabHost.Interface], cancellation);
        }

        await Queueing.ApplyAsync(Router, [.. hosts.Select(host => host.Role)], cancellation);
        _pass = [.. _options.Balancing.Prepend(LoadBalancer.Role).Select(role => PassProgram.Attach(Router, role))];

        foreach (var host in Backends.Add(LoadBalancer))
        {
            await host.MountBpfAsync(cancellation);
        }
    }

    private string Link(LabHost host, int link) =>
        $"link add name {LabHost.Interface} netns {host.Network.Name} address {AddressPlan.Mac(link, router: false)} mtu {_options.Mtu} type veth "
        + $"peer name {host.Role} netns {Router.Name} address {AddressPlan.Mac(link, router: true)} mtu {_options.Mtu}\n";

    private string RouterConfiguration(ImmutableArray<LabHost> hosts)
    {
        var lines = new StringBuilder("link set lo up\n");
        foreach (var (host, link) in hosts.Select((host, link) => (host, link)))
        {
            lines.Append(
                $"""
                address add {AddressPlan.Gateway(host.V4)}/24 dev {host.Role}
                address add {AddressPlan.Gateway(host.V6)}/64 dev {host.Role} nodad
                link set {host.Role} up
                neighbour add {host.V4} lladdr {AddressPlan.Mac(link, router: false)} dev {host.Role} nud permanent
                neighbour add {host.V6} lladdr {AddressPlan.Mac(link, router: false)} dev {host.Role} nud permanent

                """);
        }

        return lines.Append(
            $"""
            route add {AddressPlan.VipsV4} via {LoadBalancer.V4}
            route add {AddressPlan.VipsV6} via {LoadBalancer.V6}

            """).ToString();
    }

    private string HostConfiguration(LabHost host, int link)
    {
        var lines = new StringBuilder(
            $"""
            link set lo up
            address add {host.V4}/24 dev {LabHost.Interface}
            address add {host.V6}/64 dev {LabHost.Interface} nodad
            link set {LabHost.Interface} up
            route add default via {AddressPlan.Gateway(host.V4)}
            route add default via {AddressPlan.Gateway(host.V6)}

            """);
        if (host == LoadBalancer)
        {
            return lines.ToString(); // Its gateway is for the applier to resolve.
        }

        foreach (var gateway in new[] { AddressPlan.Gateway(host.V4), AddressPlan.Gateway(host.V6) })
        {
            lines.Append($"neighbour add {gateway} lladdr {AddressPlan.Mac(link, router: true)} dev {LabHost.Interface} nud permanent\n");
        }

        return lines.ToString();
    }

    private static string NameOf(LabOptions options, string role) => $"{options.Name}-{role}";

    private static async Task BatchAsync(string file, IReadOnlyList<string> arguments, string lines, CancellationToken cancellation) =>
        (await Command.RunAsync(file, [.. arguments, "-batch", "-"], cancellation, lines)).Required();
}
