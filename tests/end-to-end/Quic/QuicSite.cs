using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Weir.Applier.Libbpf;
using Weir.Lab.Accounting;
using Weir.Lab.Network;
using Weir.Lab.Processes;
using Weir.Lab.Quic;
using Weir.Lab.Tools;
using Weir.Lab.Traffic;
using Xunit;

namespace Weir.EndToEnd.Tests.Quic;

/// <summary>A lab with a VIP for QUIC and, on every backend, a server that issues connection ids which name it.</summary>
public sealed class QuicSite : IAsyncLifetime
{
    private const int Lines = 30, FirstPort = 40_000;

    private LabNetwork? lab;
    private string? servers;
    private int topologies;

    public static ImmutableArray<IPEndPoint> Vips { get; } = [new(IPAddress.Parse("203.0.113.10"), 443), new(IPAddress.Parse("2001:db8:ff::10"), 443)];

    private static readonly ImmutableArray<IPAddress> SecondAddresses = [IPAddress.Parse("198.51.100.3"), IPAddress.Parse("2001:db8:51::3")];

    public LabNetwork Lab => lab ?? throw new InvalidOperationException("The lab is not up.");

    public async ValueTask InitializeAsync()
    {
        lab = await LabNetwork.CreateAsync(new LabOptions(), CancellationToken.None);
        try
        {
            servers = await QuicServer.BuildAsync(Path.Combine(Lab.Directory, "quic"), CancellationToken.None);
            await Lab.HoldVipsAsync(Vips.Select(vip => vip.Address), CancellationToken.None);
            foreach (LabHost backend in Lab.Backends)
            {
                (await WeirTools.DecapAsync(backend, CancellationToken.None)).Required();
            }

            foreach ((IPAddress second, int length) in SecondAddresses.Zip([24, 64]))
            {
                await IpAsync(Lab.Client.Network, $"address add {second}/{length} dev {LabHost.Interface}{(length == 64 ? " nodad" : "")}");
                await IpAsync(Lab.Router, $"neighbour add {second} lladdr {AddressPlan.Mac(0, router: false)} dev {Lab.Client.Role} nud permanent");
            }
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (lab is not null)
        {
            await lab.DisposeAsync();
        }
    }

    public static string ServerId(LabHost backend, int length) =>
        $"a{backend.Role[^1]}".PadLeft(2 * length, '5');

    /// <returns>The path of a file with the key.</returns>
    public async Task<string> WriteKeyAsync(string key, CancellationToken stop)
    {
        string path = Path.Combine(Lab.Directory, "quic.key");
        await File.WriteAllTextAsync(path, key + "\n", stop);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    /// <summary>No file of the bundle, of the state or of the pinned maps has the key, as text or as bytes.</summary>
    public async Task AssertNobodyHasAsync(string key, string bundle, CancellationToken stop)
    {
        byte[] text = Encoding.ASCII.GetBytes(key), bytes = Convert.FromHexString(key);
        string[] files = [.. Directory.GetFiles(bundle, "*", SearchOption.AllDirectories), .. Directory.GetFiles(Lab.LoadBalancer.State, "*", SearchOption.AllDirectories)];
        Assert.True(files.Length > 5);
        foreach (string file in files)
        {
            byte[] content = await File.ReadAllBytesAsync(file, stop);
            Assert.True(content.AsSpan().IndexOf(text) < 0 && content.AsSpan().IndexOf(bytes) < 0, $"{file} has the key.");
        }

        string[] pins = [.. Directory.GetFiles(Lab.LoadBalancer.Bpf, "data_*", SearchOption.AllDirectories), .. Directory.GetFiles(Lab.LoadBalancer.Bpf, "bss_*", SearchOption.AllDirectories)];
        Assert.Contains(pins, pin => pin.EndsWith("bss_cipher", StringComparison.Ordinal));
        foreach (string pin in pins)
        {
            using BpfMap map = BpfMap.OpenPinned(pin);
            using MapMapping mapping = map.Mmap(writable: false);
            Assert.True(mapping.Bytes.IndexOf(bytes) < 0, $"{pin} has the key.");
        }
    }

    /// <summary>Builds and applies a topology whose VIP serves a port by a pool.</summary>
    /// <param name="port"><c>quic/443</c> or <c>udp/443</c>.</param>
    /// <param name="quic">The pool's <c>quic</c>, or null.</param>
    /// <returns>The bundle's directory.</returns>
    public async Task<string> ApplyAsync(string port, string? quic, int serverIdLength, CancellationToken stop)
    {
        string topology = Path.Combine(Lab.Directory, string.Create(CultureInfo.InvariantCulture, $"topology-{++topologies}"));
        Directory.CreateDirectory(topology);
        IEnumerable<string> backends = Lab.Backends.Select(backend =>
            $"      - {{ name: {backend.Role}, address: {backend.V4}{(quic is null ? "" : $", serverId: \"{ServerId(backend, serverIdLength)}\"")} }}\n");
        await File.WriteAllTextAsync(
            Path.Combine(topology, "topology.yaml"),
            $"""
            sites:
              lab:
                hosts: {"{"} lb1: {"{"} interface: eth0 {"}"} {"}"}
                encapsulation: {"{"} type: ipip, source: [10.10.1.0/24, "2001:db8:10:1::/64"] {"}"}
                nextHop: {"{"} gateway: [10.10.0.1, "2001:db8:10::1"] {"}"}
                mtu: 1500
            pools:
              web:
            {(quic is null ? "" : $"    quic: {quic}\n")}    backends:
            {string.Concat(backends)}vips:
              www:
                address: [{Vips[0].Address}, "{Vips[1].Address}"]
                ports: [{port}]
                pool: web
                sites: [lab]
            """,
            stop);
        string bundle = $"{topology}-bundle";
        (await WeirTools.BuildAsync(topology, "lab", bundle, stop)).Required();
        (await WeirTools.ApplyAsync(Lab.LoadBalancer, bundle, stop)).Required();
        return bundle;
    }

    /// <summary>Has a client ask, and move while the answer comes to an address and port whose hash another backend has.</summary>
    public async Task<(QuicAnswer Answer, string First, string Other, ImmutableSortedDictionary<string, int> Stray)> MoveAsync(
        string bundle, int family, Func<LabHost, QuicIds> ids, CancellationToken stop)
    {
        FlowSlots slots = FlowSlots.Of(bundle);
        List<QuicServer> running = [];
        try
        {
            foreach (LabHost backend in Lab.Backends)
            {
                running.Add(await QuicServer.StartAsync(servers!, backend, Vips[family], Lines, ids(backend), stop));
            }

            Flow before = new(System.Net.Sockets.ProtocolType.Udp, new IPEndPoint(Lab.Client.Toward(Vips[family].Address), FirstPort), Vips[family]);
            Flow after = Enumerable.Range(FirstPort + 1, 200)
                .Select(port => before with { Source = new IPEndPoint(SecondAddresses[family], port) })
                .First(flow => slots.BackendOf(flow) != slots.BackendOf(before));
            QuicAnswer answer = await QuicClient.AskAsync(
                Lab.Client, Vips[family], before.Source, after.Source, () => running.Any(server => server.Count("connection") > 0), Path.Combine(Lab.Directory, "answers", Guid.NewGuid().ToString("N")), stop);
            return (answer, slots.BackendOf(before), slots.BackendOf(after),
                Lab.Backends.Zip(running).ToImmutableSortedDictionary(pair => pair.First.Role, pair => pair.Second.Count("stray"), StringComparer.Ordinal));
        }
        finally
        {
            running.ForEach(server => server.Dispose());
        }
    }

    private static async Task IpAsync(NetworkNamespace network, string arguments) =>
        (await Command.RunAsync("ip", ["-n", network.Name, .. arguments.Split(' ')], CancellationToken.None)).Required();
}
