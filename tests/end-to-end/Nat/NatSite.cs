using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Weir.Applier.Apply;
using Weir.Applier.Status;
using Weir.Lab.Network;
using Weir.Lab.Processes;
using Weir.Lab.Servers;
using Weir.Lab.Tools;
using Weir.Lab.Traffic;
using Xunit;

namespace Weir.EndToEnd.Tests.Nat;

/// <summary>A lab whose backends are reached by NAT: they have no VIP and decapsulate nothing. <c>web-1</c> has an IPv4 address and serves port 8080, <c>web-2</c> an IPv6 one and the VIP's
/// own port, <c>web-3</c> an IPv4 one and port 9000. The VIP has both families.</summary>
public sealed class NatSite : IAsyncLifetime
{
    private readonly List<HttpServer> servers = [];
    private LabNetwork? lab;
    private int topologies;

    public static ImmutableArray<IPEndPoint> Vips { get; } = [new(IPAddress.Parse("203.0.113.10"), 80), new(IPAddress.Parse("2001:db8:ff::10"), 80)];

    public LabNetwork Lab => lab ?? throw new InvalidOperationException("The lab is not up.");

    public async ValueTask InitializeAsync()
    {
        lab = await LabNetwork.CreateAsync(new LabOptions(), CancellationToken.None);
        try
        {
            await IpAsync($"route add 10.10.8.32/30 via {Lab.LoadBalancer.V4}");
            await IpAsync($"route add 2001:db8:a::20/126 via {Lab.LoadBalancer.V6}");
            servers.Add(HttpServer.Start(Lab.Backends[0], new IPEndPoint(Lab.Backends[0].V4, 8080)));
            servers.Add(HttpServer.Start(Lab.Backends[1], new IPEndPoint(Lab.Backends[1].V6, 80)));
            servers.Add(HttpServer.Start(Lab.Backends[2], new IPEndPoint(Lab.Backends[2].V4, 9000)));
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

    /// <summary>Builds and applies the topology.</summary>
    /// <param name="more">More VIPs.</param>
    /// <param name="states">By backend.</param>
    public async Task<ApplyOutcome> ApplyAsync(CancellationToken stop, string more = "", ImmutableSortedDictionary<string, string>? states = null, string sources = "10.10.8.32/30, \"2001:db8:a::20/126\"")
    {
        string topology = Path.Combine(Lab.Directory, string.Create(CultureInfo.InvariantCulture, $"nat-{++topologies}"));
        Directory.CreateDirectory(topology);
        string State(string backend) => states?.GetValueOrDefault(backend) is { } state ? $", state: {state}" : "";
        await File.WriteAllTextAsync(
            Path.Combine(topology, "topology.yaml"),
            $"""
            sites:
              lab:
                hosts:
                  lb1: {"{"} interface: eth0, natSources: [{sources}] {"}"}
                  lb2: {"{"} interface: eth0, natSources: [10.10.8.48/30, "2001:db8:a::30/126"] {"}"}
                encapsulation: {"{"} type: nat {"}"}
                nextHop: {"{"} gateway: [10.10.0.1, "2001:db8:10::1"] {"}"}
            pools:
              web:
                backends:
                  - {"{"} name: web-1, address: {Lab.Backends[0].V4}, port: 8080{State("web-1")} {"}"}
                  - {"{"} name: web-2, address: "{Lab.Backends[1].V6}"{State("web-2")} {"}"}
                  - {"{"} name: web-3, address: {Lab.Backends[2].V4}, port: 9000{State("web-3")} {"}"}
            vips:
              www: {"{"} address: [{Vips[0].Address}, "{Vips[1].Address}"], ports: [tcp/80], pool: web, sites: [lab] {"}"}
            {more}
            """,
            stop);
        string bundle = $"{topology}-bundle";
        (await WeirTools.BuildAsync(topology, "lab", bundle, stop)).Required();
        CommandResult said = await WeirTools.ApplierAsync(Lab.LoadBalancer, ["apply", "--bundle", bundle, "--interface", LabHost.Interface, "--host", "lb1", "--json"], stop);
        return JsonSerializer.Deserialize(said.Required().Output, ApplyJson.Default.ApplyOutcome)!;
    }

    /// <summary>What the load balancer's own command says of it.</summary>
    public async Task<InterfaceStatus> StatusAsync(CancellationToken stop)
    {
        CommandResult said = (await WeirTools.ApplierAsync(Lab.LoadBalancer, ["status", "--json"], stop)).Required();
        return JsonSerializer.Deserialize(said.Output, StatusJson.Default.StatusReport)!.Interfaces.Single();
    }

    public async Task<HttpConnection> ConnectAsync(IPEndPoint vip, CancellationToken stop)
    {
        HttpConnection connection = await HttpConnection.CreateAsync(Lab.Client, vip);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(10));
        await connection.ConnectAsync(deadline.Token);
        return connection;
    }

    private async Task IpAsync(string arguments) => (await Command.RunAsync("ip", ["-n", Lab.Router.Name, .. arguments.Split(' ')], CancellationToken.None)).Required();
}
