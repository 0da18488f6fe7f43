using System.Collections.Immutable;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>Reads <c>prefer</c> and <c>labels</c>.</summary>
internal static class PreferenceReader
{
    public static Located<Preference>? ReadPreference(this MappingNode? mapping) => mapping.Value("prefer") switch
    {
        ScalarNode { Kind: ScalarKind.Text, Text: "any" } any => Located.At(any, Preference.Any),
        ScalarNode { Kind: ScalarKind.Text, Text: "local" } local => Located.At(local, Preference.Any with { Local = true }),
        MappingNode labels when labels.ReadLabels() is { IsEmpty: false } read =>
            new Located<Preference>(new Preference(false, read), labels.Span) { UsedAt = labels.Alias },
        _ => null,
    };

    public static ImmutableSortedDictionary<string, string> ReadLabels(this MappingNode? mapping)
    {
        ImmutableSortedDictionary<string, string>.Builder labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (MappingEntry entry in mapping.Mapping("labels")?.Entries ?? [])
        {
            if (entry.Value is ScalarNode { Kind: ScalarKind.Text } value)
            {
                labels[entry.Key.Text] = value.Text;
            }
        }

        return labels.ToImmutable();
    }
}
