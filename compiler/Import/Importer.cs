using System.Collections.Immutable;
using Weir.Compiler.Import.Ipvs;
using Weir.Compiler.Import.Katran;
using Weir.Compiler.Import.Services;

namespace Weir.Compiler.Import;

/// <summary>Reads what another load balancer is told, or tells, to do.</summary>
public static class Importer
{
    /// <summary>Names of the formats.</summary>
    public static ImmutableArray<string> Formats { get; } = ["ipvs", "katran", "services"];

    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <returns>Services without what no topology may hold, and everything that was left out.</returns>
    public static Imported Read(string format, string text, ImportSite site)
    {
        ImportNotes notes = new();
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        IEnumerable<ImportedService> services = format switch
        {
            "ipvs" when KeepalivedReader.Recognises(lines) => KeepalivedReader.Read(lines, notes),
            "ipvs" => IpvsadmReader.Read(lines, notes),
            "katran" => KatranReader.Read(lines, notes),
            "services" => ServicesReader.Read(text, notes),
            _ => throw new ArgumentException($"There is no format {format}.", nameof(format)),
        };
        ImmutableArray<ImportedService> kept = ServiceFilter.Filter(services, notes);
        TopologyWriter.Lacks(kept, site, notes);
        return new Imported(kept, notes.ToImmutable());
    }
}
