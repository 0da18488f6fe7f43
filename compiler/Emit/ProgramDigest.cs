using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Weir.Compiler.Emit;

/// <summary>Digest of a program: its C text and the headers that it includes, directly or through each other.</summary>
public static partial class ProgramDigest
{
    private const string Prefix = "bpf/";

    /// <summary>Headers by the path they are included by (<c>weir/layout.h</c>).</summary>
    private static readonly ImmutableSortedDictionary<string, string> Headers = ReadHeaders();

    /// <param name="path">The C file's path in the bundle.</param>
    public static string Of(string path, string source)
    {
        var included = new SortedSet<string>(StringComparer.Ordinal);
        Follow(source, "", included);
        return Digests.OfFiles([(path, Digests.OfText(source)), .. included.Select(h => (h, Digests.OfText(Headers[h])))]);
    }

    private static void Follow(string text, string folder, SortedSet<string> included)
    {
        foreach (Match match in Include().Matches(text))
        {
            // As a compiler does: beside the including file first, then from the root.
            string name = match.Groups[1].Value;
            string path = Headers.ContainsKey(folder + name) ? folder + name : name;
            if (!Headers.TryGetValue(path, out string? header))
            {
                throw new InvalidOperationException($"The program includes {name}, which is no header of the data plane.");
            }

            if (included.Add(path))
            {
                Follow(header, path[..(path.LastIndexOf('/') + 1)], included);
            }
        }
    }

    private static ImmutableSortedDictionary<string, string> ReadHeaders()
    {
        Assembly library = typeof(ProgramDigest).Assembly;
        return library.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".h", StringComparison.Ordinal))
            .ToImmutableSortedDictionary(name => name[Prefix.Length..], name => Read(library, name), StringComparer.Ordinal);
    }

    private static string Read(Assembly library, string name)
    {
        using var reader = new StreamReader(library.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""^[ \t]*#[ \t]*include[ \t]+"([^"]+)"[ \t]*$""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Include();
}
