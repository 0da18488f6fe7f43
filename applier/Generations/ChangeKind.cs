using System.Text.Json.Serialization;

namespace Weir.Applier.Generations;

/// <summary>How much of a generation another bundle replaces; each kind includes those before it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChangeKind>))]
public enum ChangeKind
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>Stores into the live maps.</summary>
    [JsonStringEnumMemberName("population")]
    Population,

    /// <summary>The same object loaded anew with new images, link updated.</summary>
    [JsonStringEnumMemberName("tables")]
    Tables,

    /// <summary>Another object, link updated.</summary>
    [JsonStringEnumMemberName("program")]
    Program,
}
