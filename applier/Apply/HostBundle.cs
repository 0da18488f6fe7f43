using System.Collections.Immutable;
using Weir.Compiler.Emit;
using Weir.Compiler.Planning;

namespace Weir.Applier.Apply;

/// <summary>A bundle in memory, every digest checked.</summary>
/// <param name="Images">Bytes by section, those that the bundle brings.</param>
/// <param name="Plan">What the bundle means, read back from it.</param>
public sealed record HostBundle(VerifiedBundle Bundle, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Images, SitePlan Plan)
{
    public Manifest Manifest => Bundle.Manifest;

    /// <summary>SHA-256 over the files, lower-case hex.</summary>
    public string Digest => Bundle.Digest;

    /// <summary>The program's C text.</summary>
    public ReadOnlyMemory<byte> Source => Bundle.Bundle.Files[Manifest.Program.Source].AsMemory();

    /// <summary>Every file by its path in the bundle.</summary>
    public IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> Files =>
        Bundle.Bundle.Files.Select(file => KeyValuePair.Create(file.Key, file.Value.AsMemory()));

    /// <summary>Sections that live stores may change.</summary>
    public IEnumerable<string> PopulationSections =>
        Manifest.Maps.Where(map => map.Part == "population" && map.Image is not null).Select(map => map.Section);

    /// <exception cref="ApplierException">There is no bundle, or it is damaged; every problem is named.</exception>
    public static HostBundle Read(string directory)
    {
        Bundle files;
        try
        {
            files = BundleFolder.Read(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ApplierException.Failed($"Cannot read the bundle {directory}: {error.Message}", error);
        }

        (VerifiedBundle? bundle, ImmutableArray<string> problems) = BundleReader.Read(files);
        return bundle is not null
            ? new HostBundle(bundle, bundle.Images, bundle.ToSitePlan())
            : throw ApplierException.Failed($"{directory} is not a bundle that can be applied. Nothing was changed.\n  {string.Join("\n  ", problems)}");
    }
}
