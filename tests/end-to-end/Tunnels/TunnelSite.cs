using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Weir.Lab.Network;
using Weir.Lab.Servers;
using Weir.Lab.Tools;
using Weir.Lab.Traffic;
using Xunit;

namespace Weir.EndToEnd.Tests.Tunnels;

/// <summary>One program with a pool for every encapsulation, each of them with the same two backends: <c>web-1</c> by IPv4, <c>web-2</c> by IPv6. They decapsulate with our own program.</summary>
public sealed class TunnelSite : IAsyncLifetime
{
    private const ushort FirstPort = 8000;

    private readonly List<IDisposable> servers = [];
    private LabNetwork? lab;

    /// <summary>Name of a pool to what its encapsulation is.</summary>
    public static ImmutableArray<(string Name, string Yaml)> Kinds { get; } =
    [
        ("ipip", "type: ipip"),
        ("gre", "type: gre"),
        ("gre-key-sum", "type: gre, key: 4711, checksum: true"),
        ("gue", "type: gue"),
        ("gue-sum", "type: gue, checksum: true"),
        ("gue-zero", "type: gue, checksum: false"),
        ("gue-1", "type: gue, variant: 1"),
        ("vxlan", "type: vxlan, vni: 7, innerDestination: \"02:00:00:00:00:02\""),
        ("vxlan-sum", "type: vxlan, vni: 7, innerDestination: \"02:00:00:00:00:02\", checksum: true"),
        ("geneve", "type: geneve, vni: 7, innerDestination: \"02:00:00:00:00:02\""),
        ("geneve-options", "type: geneve, vni: 7, innerDestination: \"02:00:00:00:00:02\", checksum: true, options: [{ class: 0x0102, type: 1, data: \"00112233\" }]"),
    ];

    private static ImmutableArray<IPAddress> Addresses { get; } = [IPAddress.Parse("203.0.113.10"), IPAddress.Parse("2001:db8:ff::10")];

    public LabNetwork Lab => lab ?? throw new InvalidOperationException("The lab is not up.");

    /// <summary>Where a pool is served.</summary>
    /// <param name="family">0 for IPv4, 1 for IPv6.</param>
    public static IPEndPoint Vip(string kind, int family) => new(Addresses[family], FirstPort + Kinds.IndexOf(Kinds.Single(k => k.Name == kind)));

    public async ValueTask InitializeAsync()
    {
        lab = await LabNetwork.CreateAsync(new LabOptions { Backends = ["web-1", "web-2"] }, CancellationToken.None);
        try
        {
            IPEndPoint[] vips = [.. from kind in Kinds from family in (int[])[0, 1] select Vip(kind.Name, family)];
            await Lab.HoldVipsAsync(Addresses, CancellationToken.None);
            servers.Add(ServerSet.Start(Lab, vips, vips));
            await ReceiveAsync(CancellationToken.None);
            string topology = Path.Combine(Lab.Directory, "tunnels"), bundle = Path.Combine(Lab.Directory, "tunnels-bundle");
            Directory.CreateDirectory(topology);
            await File.WriteAllTextAsync(Path.Combine(topology, "topology.yaml"), Yaml());
            (await WeirTools.BuildAsync(topology, "lab", bundle, CancellationToken.None)).Required();
            (await WeirTools.ApplyAsync(Lab.LoadBalancer, bundle, CancellationToken.None)).Required();
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

    /// <summary>Makes both backends take everything from the load balancer.</summary>
    public async Task ReceiveAsync(CancellationToken stop)
    {
        foreach (LabHost backend in Lab.Backends)
        {
            await ReceiveAsync(backend, stop, "--from", AddressPlan.OuterSourcesV4, "--from", AddressPlan.OuterSourcesV6, "--zero-checksum");
        }
    }

    /// <summary>Makes a backend take what the arguments say.</summary>
    public static async Task ReceiveAsync(LabHost backend, CancellationToken stop, params string[] arguments) =>
        (await WeirTools.ApplierAsync(backend, ["decap", "--interface", LabHost.Interface, .. arguments], stop)).Required();

    /// <summary>How often a backend's decapsulator counted an outcome.</summary>
    /// <param name="outcome">As <c>drop-sender</c>.</param>
    public static async Task<long> CountAsync(LabHost backend, string outcome, CancellationToken stop)
    {
        string said = (await WeirTools.ApplierAsync(backend, ["decap", "--interface", LabHost.Interface, "--show"], stop)).Required().Output;
        string line = said.Split('\n').Single(l => l.StartsWith(outcome + " ", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    public async Task<HttpConnection> ConnectAsync(IPEndPoint vip, CancellationToken stop)
    {
        HttpConnection connection = await HttpConnection.CreateAsync(Lab.Client, vip);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(10));
        await connection.ConnectAsync(deadline.Token);
        return connection;
    }

    /// <summary>Who answers UDP flows to a pool; null for those that nobody answers.</summary>
    public async Task<ImmutableArray<string?>> AskAsync(string kind, int family, CancellationToken stop)
    {
        DatagramFlows flows = await DatagramFlows.StartAsync(Lab.Client, kind, Vip(kind, family), 24, TimeSpan.FromMilliseconds(100));
        await Task.Delay(TimeSpan.FromMilliseconds(300), stop);
        ImmutableArray<DatagramFlow> answered = await flows.StopAsync(stop);
        Assert.All(answered, flow => Assert.True(flow.Sent > 0 && (flow.Answered == 0 || flow.Answered == flow.Sent), flow.ToString()));
        return [.. answered.Select(flow => flow.Answered == 0 ? null : Assert.Single(flow.Backends))];
    }

    private string Yaml()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $$"""
            sites:
              lab:
                hosts: { lb1: { interface: {{LabHost.Interface}} } }
                encapsulation: { type: ipip, source: [{{Lab.LoadBalancer.V4}}, "{{Lab.LoadBalancer.V6}}"] }
                nextHop: { gateway: [10.10.0.1, "2001:db8:10::1"] }
            pools:

            """);
        foreach ((string name, string yaml) in Kinds)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                  {{name}}:
                    encapsulation: { {{yaml}} }
                    backends:
                      - { name: web-1, address: {{Lab.Backends[0].V4}} }
                      - { name: web-2, address: "{{Lab.Backends[1].V6}}" }

                """);
        }

        text.Append("vips:\n");
        foreach ((string name, _) in Kinds)
        {
            int port = Vip(name, 0).Port;
            text.Append(CultureInfo.InvariantCulture, $"  {name}: {{ address: [{Addresses[0]}, \"{Addresses[1]}\"], ports: [tcp/{port}, udp/{port}], pool: {name}, sites: [lab] }}\n");
        }

        return text.ToString();
    }
}
