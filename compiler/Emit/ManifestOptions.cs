using System.Net.NetworkInformation;
using System.Text.Json.Serialization;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>Options of an encapsulation in a manifest, defaults filled in; what its type does not have is left out.</summary>
/// <param name="Options">Of Geneve: as they lie in the packet, hex.</param>
public sealed record ManifestOptions(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] uint? Key = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ushort? Port = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Variant = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Checksum = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Vni = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? InnerSource = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? InnerDestination = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Options = null)
{
    /// <summary>Null where there are none.</summary>
    public static ManifestOptions? Of(EncapsulationOptions options) => options == EncapsulationOptions.None
        ? null
        : new ManifestOptions(
            options.Key, options.Port, options.Variant, options.Checksum, options.Vni, AddressText.OfMac(options.InnerSource), AddressText.OfMac(options.InnerDestination), options.GeneveOptions);

    /// <exception cref="FormatException">A MAC address is none.</exception>
    public static EncapsulationOptions Read(ManifestOptions? options) => options is null
        ? EncapsulationOptions.None
        : new EncapsulationOptions
        {
            Key = options.Key,
            Port = options.Port,
            Variant = options.Variant,
            Checksum = options.Checksum,
            Vni = options.Vni,
            InnerSource = options.InnerSource is { } source ? PhysicalAddress.Parse(source) : null,
            InnerDestination = options.InnerDestination is { } destination ? PhysicalAddress.Parse(destination) : null,
            GeneveOptions = options.Options,
        };
}
