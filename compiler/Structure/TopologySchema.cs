using NJsonSchema;

namespace Weir.Compiler.Structure;

/// <summary><c>schemas/topology.schema.json</c>, which the library carries.</summary>
public static class TopologySchema
{
    private static readonly Lazy<string> LazyText = new(ReadText);
    private static readonly Lazy<Task<JsonSchema>> LazySchema = new(() => Task.Run(() => JsonSchema.FromJsonAsync(Text)));

    /// <summary>The schema as it is in the repository.</summary>
    public static string Text => LazyText.Value;

    /// <summary>The schema, ready to validate. The first use parses it, which takes longer than reading a small topology: see <see cref="Warm"/>.</summary>
    public static JsonSchema Schema => LazySchema.Value.GetAwaiter().GetResult();

    /// <summary>Begins to parse the schema beside whatever else is to be done first.</summary>
    public static void Warm() => _ = LazySchema.Value;

    private static string ReadText()
    {
        using Stream stream = typeof(TopologySchema).Assembly.GetManifestResourceStream("schemas/topology.schema.json")
            ?? throw new InvalidOperationException("The schema is not in the assembly.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
