using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary><c>provenance.json</c>: where a bundle's parts come from. It changes with every commit and move of a line, so it is in no digest.</summary>
/// <param name="Commit">The source commit, or null when it was built from a directory.</param>
/// <param name="Objects">Every object of the site, sorted by name.</param>
/// <param name="Lines">Lines of the C file that name an object; those below it, up to the next, are about the same one.</param>
public sealed record Provenance(string? Commit, ImmutableArray<ProvenanceObject> Objects, ImmutableArray<ProvenanceLine> Lines)
{
    public static Provenance Of(Topology topology, SitePlan plan, string source, string? commit)
    {
        Site site = topology.Sites.Single(s => s.Name == plan.Site);
        HashSet<string> pools = [.. plan.Pools.Select(p => p.Name)];
        IEnumerable<ProvenanceObject> objects =
        [
            At($"sites.{site.Name}", site.Position),
            At($"sites.{site.Name}.encapsulation", site.Encapsulation.Position),
            .. site.Hosts.Select(h => At($"sites.{site.Name}.hosts.{h.Name}", h.Position)),
            .. topology.Pools.Where(p => pools.Contains(p.Name)).SelectMany(p =>
                p.Backends.Select(b => At($"pools.{p.Name}.backends.{b.Name}", b.Position)).Prepend(At($"pools.{p.Name}", p.Position))),
            .. topology.Vips.Where(v => v.Sites.Contains(site.Name)).Select(v => At($"vips.{v.Name}", v.Position)),
        ];
        ImmutableArray<ProvenanceObject> sorted = [.. objects.OrderBy(o => o.Name, StringComparer.Ordinal)];
        return new Provenance(commit, sorted, FindLines(source, [.. sorted.Select(o => o.Name)]));
    }

    public static byte[] Serialize(Provenance provenance) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(provenance, ProvenanceJson.Default.Provenance), (byte)'\n'];

    private static ProvenanceObject At(string name, SourceSpan position) => new(name, position.File, position.Line, position.Column);

    private static ImmutableArray<ProvenanceLine> FindLines(string source, HashSet<string> names)
    {
        var lines = ImmutableArray.CreateBuilder<ProvenanceLine>();
        string[] texts = source.Split('\n');
        for (int i = 0; i < texts.Length; i++)
        {
            foreach (Match match in ObjectName.Matches(texts[i]))
            {
                // The longest object that the text begins with: `sites.ams1.mtu` is about `sites.ams1`.
                string name = match.Value;
                while (name.Length > 0 && !names.Contains(name))
                {
                    name = name.LastIndexOf('.') is var dot and > 0 ? name[..dot] : "";
                }

                if (name.Length > 0)
                {
                    lines.Add(new ProvenanceLine(i + 1, name));
                    break;
                }
            }
        }

        return lines.ToImmutable();
    }

    private static readonly Regex ObjectName = new(@"\b(?:sites|pools|vips)\.[A-Za-z0-9_.-]*[A-Za-z0-9_-]", RegexOptions.CultureInvariant);
}

/// <param name="Name">As the C file names it: <c>pools.web.backends.web-1</c>.</param>
/// <param name="Line">From 1; 0 where no file states the object.</param>
public sealed record ProvenanceObject(string Name, string File, int Line, int Column);

/// <param name="Line">Of the C file, from 1.</param>
/// <param name="Name">The object.</param>
public sealed record ProvenanceLine(int Line, string Name);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(Provenance))]
public sealed partial class ProvenanceJson : JsonSerializerContext;
