using System.Collections.Immutable;
using Weir.Applier.Libbpf;
using Weir.Compiler.Emit;
using Weir.Compiler.Lowering;

namespace Weir.Applier.Layout;

/// <summary>Compares what a bundle's images were laid out for with what clang made: an image that disagrees with
/// its program by a byte would send packets anywhere.</summary>
public static class LayoutCheck
{
    /// <summary>Sections that hold a slice per CPU, but for <see cref="NatRows.Section"/> and <see cref="FlowRegions.Section"/>; the manifest gives the size of one.</summary>
    private const string PerCpuPrefix = ".bss.";

    private static readonly string[] s_dataPrefixes = [".data", ".bss"];

    /// <summary>Every difference, in words; empty when bundle and object agree.</summary>
    /// <param name="cpus">Slices the object was built with.</param>
    public static ImmutableArray<string> Compare(Manifest manifest, BpfObject obj, int cpus)
    {
        var differences = ImmutableArray.CreateBuilder<string>();
        foreach (ManifestStruct wanted in manifest.Layout)
        {
            CompareStruct(wanted, obj.Btf, differences);
        }

        CompareSections(manifest.Maps, obj, cpus, differences);
        if (!obj.Programs.Contains(manifest.Program.Function))
        {
            differences.Add($"program {manifest.Program.Function}: not in the object, which has {string.Join(", ", obj.Programs)}");
        }

        return differences.ToImmutable();
    }

    private static void CompareStruct(ManifestStruct wanted, Btf btf, ImmutableArray<string>.Builder differences)
    {
        if (!btf.Structs.TryGetValue(wanted.Name, out BtfStruct? made))
        {
            differences.Add($"struct {wanted.Name}: not in the object");
            return;
        }

        Expect($"struct {wanted.Name}", "bytes", wanted.Size, made.Size, differences);
        foreach (ManifestMember member in wanted.Members)
        {
            string name = $"{wanted.Name}.{member.Name}";
            if (made.Members.FirstOrDefault(m => m.Name == member.Name) is { } found)
            {
                Expect(name, "offset", member.Offset, found.Offset, differences);
                Expect(name, "bytes", member.Size, found.Size, differences);
            }
            else
            {
                differences.Add($"{name}: not in the object");
            }
        }

        differences.AddRange(made.Members
            .Where(m => wanted.Members.All(w => w.Name != m.Name))
            .Select(m => $"{wanted.Name}.{m.Name}: not in the manifest"));
    }

    private static void CompareSections(ImmutableArray<ManifestMap> maps, BpfObject obj, int cpus, ImmutableArray<string>.Builder differences)
    {
        Dictionary<string, int> made = obj.Maps.ToDictionary(map => map.Name, map => map.ValueSize, StringComparer.Ordinal);
        foreach (ManifestMap map in maps)
        {
            int size = map.Section.StartsWith(PerCpuPrefix, StringComparison.Ordinal) && map.Section is not (NatRows.Section or FlowRegions.Section) ? checked(map.Size * cpus) : map.Size;
            if (!made.TryGetValue(map.Section, out int found))
            {
                differences.Add($"section {map.Section}: not in the object");
                continue;
            }

            Expect($"section {map.Section}", "bytes", size, found, differences);
            if (obj.Btf.Sections.TryGetValue(map.Section, out BtfSection? section))
            {
                Expect($"section {map.Section} by its types", "bytes", size, section.Size, differences);
            }
            else
            {
                differences.Add($"section {map.Section}: the object has no types for it");
            }
        }

        differences.AddRange(made.Keys
            .Where(name => s_dataPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) && maps.All(map => map.Section != name))
            .Order(StringComparer.Ordinal)
            .Select(name => $"section {name}: not in the manifest"));
    }

    private static void Expect(string what, string measure, int wanted, int made, ImmutableArray<string>.Builder differences)
    {
        if (wanted != made)
        {
            differences.Add($"{what}: {measure} {wanted} in the manifest, {made} in the object");
        }
    }
}
