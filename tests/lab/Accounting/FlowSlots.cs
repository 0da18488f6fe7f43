using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Weir.Compiler.Emit;
using Weir.Compiler.Model;
using Flow = Weir.Lab.Traffic.Flow;

namespace Weir.Lab.Accounting;

/// <summary>A slot of a pool's ring.</summary>
public readonly record struct PoolSlot(string Pool, int Slot);

/// <summary>Which slot a flow has, by a bundle's manifest and the reference model's hash.</summary>
public sealed class FlowSlots
{
    private readonly Dictionary<IPEndPoint, ManifestPool> _pools = [];
    private readonly (ulong K0, ulong K1) _key;

    private FlowSlots(Manifest manifest)
    {
        Manifest = manifest;
        _key = (Key(manifest.Traffic.HashKey0), Key(manifest.Traffic.HashKey1));
    }

    public Manifest Manifest { get; }

    /// <param name="bundle">A bundle's directory.</param>
    public static FlowSlots Of(string bundle)
    {
        using var file = File.OpenRead(Path.Combine(bundle, "manifest.json"));
        return new FlowSlots(JsonSerializer.Deserialize(file, ManifestJson.Default.Manifest) ?? throw new JsonException("The manifest is null."));
    }

    /// <exception cref="ArgumentException">No VIP serves the flow's destination.</exception>
    public PoolSlot SlotOf(Flow flow)
    {
        var protocol = (byte)(flow.Protocol == ProtocolType.Tcp ? 6 : 17);
        if (!_pools.TryGetValue(flow.Destination, out var pool))
        {
            pool = _pools[flow.Destination] = PoolOf(flow.Destination);
        }

        var hash = FlowHash.Of(
            _key,
            flow.Source.Address.GetAddressBytes(),
            flow.Destination.Address.GetAddressBytes(),
            protocol,
            (ushort)flow.Source.Port,
            (ushort)flow.Destination.Port);
        return new PoolSlot(pool.Name, hash.Slot(pool.RingBits));
    }

    private ManifestPool PoolOf(IPEndPoint destination)
    {
        var address = destination.Address.ToString();
        var vip = Manifest.Vips.FirstOrDefault(vip => vip.Addresses.Contains(address))
            ?? throw new ArgumentException($"No VIP has the address {address}.");
        return Manifest.Pools.Single(pool => pool.Name == vip.Pool);
    }

    private static ulong Key(string hex) =>
        ulong.Parse(hex.StartsWith("0x", StringComparison.Ordinal) ? hex[2..] : hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
