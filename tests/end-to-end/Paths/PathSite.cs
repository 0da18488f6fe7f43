using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Weir.Applier.Status;
using Weir.Lab.Network;
using Weir.Lab.Processes;
using Weir.Lab.Servers;
using Weir.Lab.Tools;
using Weir.Lab.Traffic;
using Xunit;

namespace Weir.EndToEnd.Tests.Paths;

/// <summary>Two sites. At <c>lab</c>, <c>near-1</c> and <c>near-2</c> are on the load balancer's own link, and it serves something itself; what it hands over to <c>far</c>, a load balancer
/// there takes out and balances to <c>web-1</c>.</summary>
public sealed class PathSite : IAsyncLifetime
{
    private const string Near1 = "10.10.0.11", Near2 = "2001:db8:10::12";

    private readonly List<IDisposable> servers = [];
    private LabNetwork? lab;
    private int topologies;

    private static ImmutableArray<IPAddress> Addresses { get; } = [IPAddress.Parse("203.0.113.10"), IPAddress.Parse("2001:db8:ff::10")];

    public LabNetwork Lab => lab ?? throw new InvalidOperationException("The lab is not up.");

    public LabHost Far => Lab.Backends[3];

    /// <param name="family">0 for IPv4, 1 for IPv6.</param>
    /// <param name="port">80 for what is near, 81 for what the host serves, 82 for what is handed over.</param>
    public static IPEndPoint Vip(int family, int port) => new(Addresses[family], port);

    public async ValueTask InitializeAsync()
    {
        lab = await LabNetwork.CreateAsync(new LabOptions { Backends = ["web-1", "near-1", "near-2", "lb2"], Balancing = ["lb2"] }, CancellationToken.None);
        try
        {
            await JoinAsync();
            foreach (LabHost host in (LabHost[])[Lab.Backends[0], Lab.Backends[1], Lab.Backends[2], Lab.LoadBalancer])
            {
                await host.HoldAsync(Addresses, CancellationToken.None);
            }

            foreach (int family in (int[])[0, 1])
            {
                servers.Add(HttpServer.Start(Lab.Backends[1], Vip(family, 80)));
                servers.Add(HttpServer.Start(Lab.Backends[2], Vip(family, 80)));
                servers.Add(HttpServer.Start(Lab.LoadBalancer, Vip(family, 81)));
                servers.Add(HttpServer.Start(Lab.Backends[0], Vip(family, 82)));
            }

            string[] from = ["--from", Far.V4.ToString(), "--from", Far.V6.ToString()];
            (await WeirTools.ApplierAsync(Lab.Backends[0], ["decap", "--interface", LabHost.Interface, .. from], CancellationToken.None)).Required();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        servers.ForEach(server => server.Dispose());
        if (lab is not null)
        {
            await lab.DisposeAsync();
        }
    }

    /// <summary>Builds both sites and applies each at its own.</summary>
    /// <param name="sources">Outer sources of <c>lab</c>; by default those that <c>far</c> takes from.</param>
    public async Task ApplyAsync(CancellationToken stop, string? sources = null)
    {
        string topology = Path.Combine(Lab.Directory, string.Create(CultureInfo.InvariantCulture, $"paths-{++topologies}"));
        Directory.CreateDirectory(topology);
        await File.WriteAllTextAsync(Path.Combine(topology, "topology.yaml"), Yaml(sources ?? $"[{Lab.LoadBalancer.V4}, \"{Lab.LoadBalancer.V6}\"]"), stop);
        foreach ((string site, LabHost host) in ((string, LabHost)[])[("lab", Lab.LoadBalancer), ("far", Far)])
        {
            string bundle = $"{topology}-{site}";
            (await WeirTools.BuildAsync(topology, site, bundle, stop)).Required();
            (await WeirTools.ApplyAsync(host, bundle, stop)).Required();
        }
    }

    public async Task<LiveStatus> StatusAsync(LabHost host, CancellationToken stop)
    {
        CommandResult said = (await WeirTools.ApplierAsync(host, ["status", "--json"], stop)).Required();
        return JsonSerializer.Deserialize(said.Output, StatusJson.Default.StatusReport)!.Interfaces.Single().Live!;
    }

    /// <summary>Who answers a new connection.</summary>
    public async Task<string> AskAsync(IPEndPoint vip, TimeSpan patience, CancellationToken stop)
    {
        using HttpConnection connection = await HttpConnection.CreateAsync(Lab.Client, vip);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(patience);
        await connection.ConnectAsync(deadline.Token);
        return await connection.RequestAsync(last: true, deadline.Token, bodyBytes: 20_000);
    }

    /// <summary>The router's link to the load balancer becomes a bridge, which the near hosts hang on too.</summary>
    private async Task JoinAsync()
    {
        await BatchAsync(
            Lab.Router,
            $"""
            link add br0 type bridge
            address flush dev lb scope global
            address flush dev near-1 scope global
            address flush dev near-2 scope global
            link set lb master br0
            link set near-1 master br0
            link set near-2 master br0
            address add 10.10.0.1/24 dev br0
            address add 2001:db8:10::1/64 dev br0 nodad
            link set br0 up
            route replace {AddressPlan.VipsV4} via {Lab.LoadBalancer.V4}
            route replace {AddressPlan.VipsV6} via {Lab.LoadBalancer.V6}

            """);
        foreach ((LabHost host, string v4, string v6) in ((LabHost, string, string)[])[(Lab.Backends[1], Near1, "2001:db8:10::11"), (Lab.Backends[2], "10.10.0.12", Near2)])
        {
            await BatchAsync(
                host.Network,
                $"""
                address flush dev eth0 scope global
                address add {v4}/24 dev eth0
                address add {v6}/64 dev eth0 nodad
                route replace default via 10.10.0.1
                route replace default via 2001:db8:10::1

                """);
        }
    }

    private static async Task BatchAsync(NetworkNamespace network, string lines) =>
        (await Command.RunAsync("ip", ["-n", network.Name, "-batch", "-"], CancellationToken.None, lines)).Required();

    private string Yaml(string sources) =>
        $$"""
        sites:
          lab:
            hosts: { lb1: { interface: eth0 } }
            encapsulation: { type: ipip, source: {{sources}} }
            nextHop: { gateway: [10.10.0.1, "2001:db8:10::1"] }
            segments: [10.10.0.0/24, "2001:db8:10::/64"]
          far:
            hosts: { lb2: { interface: eth0 } }
            encapsulation: { type: gre, source: [{{Far.V4}}, "{{Far.V6}}"] }
            nextHop: { gateway: [10.1.4.1, "2001:db8:1:4::1"] }
            decapsulate: { addresses: [{{Far.V4}}, "{{Far.V6}}"], from: [{{Lab.LoadBalancer.V4}}, "{{Lab.LoadBalancer.V6}}"], types: [ipip, gue] }
        pools:
          near:
            encapsulation: { type: l2 }
            backends:
              - { name: near-1, address: {{Near1}} }
              - { name: near-2, address: "{{Near2}}" }
          here:
            encapsulation: { type: local }
            backends: [{ name: lb1, address: {{Lab.LoadBalancer.V4}} }]
          away:
            backends:
              - { name: lb2-by-ipv4, address: {{Far.V4}} }
              - { name: lb2-by-ipv6, address: "{{Far.V6}}", encapsulation: { type: gue } }
          web:
            backends: [{ name: web-1, address: {{Lab.Backends[0].V4}} }]
        vips:
          near: { address: [{{Addresses[0]}}, "{{Addresses[1]}}"], ports: [tcp/80], pool: near, sites: [lab] }
          here: { address: [{{Addresses[0]}}, "{{Addresses[1]}}"], ports: [tcp/81], pool: here, sites: [lab] }
          away:
            address: [{{Addresses[0]}}, "{{Addresses[1]}}"]
            ports: [tcp/82]
            pool: away
            sites: { lab: {}, far: { pool: web } }
        """;
}
