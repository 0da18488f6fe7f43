using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Weir.Compiler.Lowering;

namespace Weir.Compiler.Emit;

/// <summary>Checks a bundle's files against its manifest: that none is missing, added, cut or changed, and that the manifest's values are ones
/// a host can act on. What it accepts, <see cref="VerifiedBundle.ToSitePlan"/> can read.</summary>
public static class BundleReader
{
    /// <returns>The bundle, or null and every problem found, each a sentence.</returns>
    public static (VerifiedBundle? Bundle, ImmutableArray<string> Problems) Read(Bundle bundle)
    {
        if (!bundle.Files.TryGetValue(Bundle.ManifestPath, out ImmutableArray<byte> text))
        {
            return (null, [$"{Bundle.ManifestPath} is missing: this is not a bundle."]);
        }

        var problems = new List<string>();
        Manifest? manifest = Parse(text, problems);
        if (manifest is not null)
        {
            CheckFiles(bundle, manifest, problems);
            CheckProgram(bundle, manifest, problems);
            CheckDigests(manifest, problems);
            problems.AddRange(ManifestCheck.Problems(manifest));
            if (problems.Count == 0)
            {
                problems.AddRange(RingProblems(new VerifiedBundle(bundle, manifest)));
            }
        }

        return problems.Count == 0 ? (new VerifiedBundle(bundle, manifest!), []) : (null, [.. problems]);
    }

    private static Manifest? Parse(ImmutableArray<byte> text, List<string> problems)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text.AsMemory());
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("schema", out JsonElement schema)
                && schema.TryGetInt32(out int version)
                && version != ManifestWriter.Schema)
            {
                problems.Add($"{Bundle.ManifestPath} has schema {version}, this version reads {ManifestWriter.Schema}: use the Weir that built the bundle, or build it again.");
                return null;
            }

            Manifest? manifest = document.Deserialize(ManifestJson.Default.Manifest);
            problems.AddRange(manifest is null ? [$"{Bundle.ManifestPath} is empty."] : []);
            return manifest;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            problems.Add($"{Bundle.ManifestPath} cannot be read: {error.Message}");
            return null;
        }
    }

    private static void CheckFiles(Bundle bundle, Manifest manifest, List<string> problems)
    {
        HashSet<string> known = [Bundle.ManifestPath, Bundle.ProvenancePath, manifest.Program.Source, .. manifest.Maps.Select(m => m.Image).OfType<string>()];
        problems.AddRange(bundle.Files.Keys.Where(path => !known.Contains(path)).Select(path => $"{path} is not named by the manifest."));
        foreach (ManifestMap map in manifest.Maps.Where(m => m.Image is not null))
        {
            if (!bundle.Files.TryGetValue(map.Image!, out ImmutableArray<byte> image))
            {
                problems.Add($"{map.Image} is missing.");
            }
            else if (image.Length != map.Size)
            {
                problems.Add($"{map.Image} has {image.Length} bytes, the manifest says {map.Size}.");
            }
            else if (Digests.Of(image.AsSpan()) != map.Digest)
            {
                problems.Add($"{map.Image} is not the file the manifest was written for: its digest differs.");
            }
        }
    }

    private static void CheckProgram(Bundle bundle, Manifest manifest, List<string> problems)
    {
        string path = manifest.Program.Source;
        if (!bundle.Files.TryGetValue(path, out ImmutableArray<byte> source))
        {
            problems.Add($"{path} is missing.");
            return;
        }

        try
        {
            if (ProgramDigest.Of(path, Encoding.UTF8.GetString(source.AsSpan())) != manifest.Program.Digest)
            {
                problems.Add(manifest.Weir == CompilerVersion.Text
                    ? $"{path} is not the program the manifest was written for, or the headers of this Weir are not those it was built with: build the bundle again."
                    : $"{path} was built with the headers of Weir {manifest.Weir}, this is {CompilerVersion.Text}: build the bundle again.");
            }
        }
        catch (InvalidOperationException error)
        {
            problems.Add($"{path}: {error.Message}");
        }
    }

    private static void CheckDigests(Manifest manifest, List<string> problems)
    {
        if (manifest.Maps.Any(m => (m.Part != ManifestWriter.Name(ImagePart.Runtime)) != (m.Image is not null && m.Digest is not null)))
        {
            problems.Add("A map of part population or tables has no image, or one of part runtime has.");
            return;
        }

        if (ManifestWriter.TablesDigest(manifest.Maps) != manifest.TablesDigest)
        {
            problems.Add("tablesDigest is not that of the tables' images.");
        }

        if (ManifestWriter.PopulationDigest(manifest.Maps, manifest.Pools) != manifest.PopulationDigest)
        {
            problems.Add("populationDigest is not that of the rings, backend rows and identities.");
        }
    }

    private static IEnumerable<string> RingProblems(VerifiedBundle bundle) => bundle.ToSitePlan().Pools
        .Where(p => p.Ring.Any(owner => owner != Planning.PoolPlan.NoBackend && owner >= p.Backends.Length))
        .Select(p => $"The ring of pool {p.Name} names a backend that the pool does not have.");
}
