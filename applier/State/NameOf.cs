using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weir.Applier.State;

/// <summary>Enumerations in JSON by name, in camel case.</summary>
internal sealed class NameOf<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
