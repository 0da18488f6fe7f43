using System.Globalization;
using System.Net;
using System.Text;

namespace Weir.Benchmarks;

/// <summary>A made-up topology with one site called <see cref="Site"/>: VIPs from 198.18.0.1 (RFC 2544) or 2001:2::1 (RFC 5180) upwards,
/// each with <c>tcp/80</c> and <c>udp/80</c>, dealt to the pools in turn; backends of the VIPs' family.</summary>
/// <param name="Pools">Shared by the VIPs; at most <paramref name="Vips"/>.</param>
/// <param name="Backends">Over all pools, dealt in turn.</param>
internal sealed record BenchTopology(bool IPv6, int Vips, int Pools, int Backends)
{
    public const string Site = "bench";

    public const string Seed = "benchmark";

    public const string NextHop = "02:00:00:00:00:99";

    public const int Port = 80;

    /// <summary>Whether UDP is QUIC, by config 0 with two bytes of server id and four of nonce, and a backend's server id its number: a payload of zeros names backend 0.</summary>
    public bool Quic { get; init; }

    /// <summary>Outer source address.</summary>
    public string Source => IPv6 ? "2001:db8:ffff::1" : "192.0.2.1";

    public IEnumerable<IPEndPoint> Destinations => Enumerable.Range(1, Vips).Select(vip => new IPEndPoint(VipAddress(vip), Port));

    /// <summary>Addresses that are no VIP but share every leading bit that the VIPs share, as far as there are such.</summary>
    public IEnumerable<IPEndPoint> Neighbours => Enumerable.Range(Vips + 1, 4096).Select(vip => new IPEndPoint(VipAddress(vip), Port));

    /// <summary>Addresses all over the family that are no VIP.</summary>
    public IEnumerable<IPEndPoint> Strangers => Enumerable.Range(1, 4096).Select(n => new IPEndPoint(IPv6
        ? IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2a00:{n * 13 % 4093:x}::{n:x}"))
        : new IPAddress((byte[])[(byte)(n % 97 + 1), (byte)(n * 7), (byte)(n * 13), (byte)(n >> 4)]), Port));

    /// <summary>Writes the topology into a folder.</summary>
    /// <returns>The folder.</returns>
    public string Write(string folder)
    {
        StringBuilder yaml = new();
        yaml.Append(CultureInfo.InvariantCulture, $"""
            seed: {Seed}
            sites:
              {Site}:
                hosts:
                  lb1: {'{'} interface: eth0 {'}'}
                encapsulation: {'{'} type: ipip, source: "{Source}" {'}'}
                nextHop: {'{'} mac: "{NextHop}" {'}'}
            pools:

            """);
        for (int pool = 0; pool < Pools; pool++)
        {
            string quic = Quic ? "    quic: { scheme: quic-lb, configs: [{ id: 0, serverIdLength: 2, nonceLength: 4 }] }\n" : "";
            yaml.Append(CultureInfo.InvariantCulture, $"  pool-{pool}:\n{quic}    backends:\n");
            foreach (int backend in BackendsOf(pool))
            {
                string id = Quic ? string.Create(CultureInfo.InvariantCulture, $", serverId: \"{backend:x4}\"") : "";
                yaml.Append(CultureInfo.InvariantCulture, $"      - {{ name: b{backend}, address: {Quoted(BackendAddress(backend))}, weight: 100{id} }}\n");
            }
        }

        yaml.Append("vips:\n");
        for (int vip = 1; vip <= Vips; vip++)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"""
                  vip-{vip}:
                    address: [{Quoted(VipAddress(vip))}]
                    ports: [tcp/{Port}, {(Quic ? "quic" : "udp")}/{Port}]
                    pool: pool-{vip % Pools}
                    sites: [{Site}]

                """);
        }

        File.WriteAllText(Path.Combine(folder, "topology.yaml"), yaml.ToString());
        return folder;
    }

    /// <summary>Numbers of a pool's backends.</summary>
    public IEnumerable<int> BackendsOf(int pool)
    {
        for (int backend = pool; backend < Backends; backend += Pools)
        {
            yield return backend;
        }
    }

    public IPAddress VipAddress(int n) => IPv6
        ? IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:2::{n:x}"))
        : new IPAddress((byte[])[198, 18, (byte)(n >> 8), (byte)n]);

    public IPAddress BackendAddress(int n) => IPv6
        ? IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8:1::{n + 1:x}"))
        : new IPAddress((byte[])[10, (byte)(1 + ((n + 1) >> 16)), (byte)((n + 1) >> 8), (byte)(n + 1)]);

    private static string Quoted(IPAddress address) => $"\"{address}\"";
}
