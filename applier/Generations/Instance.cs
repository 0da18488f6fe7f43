using System.Collections.Immutable;
using Weir.Applier.Libbpf;

namespace Weir.Applier.Generations;

/// <summary>A loaded program with its maps: pinned or only held by this process.</summary>
public sealed class Instance : IDisposable
{
    private readonly ImmutableSortedDictionary<string, MapMapping> mappings;
    private readonly ImmutableSortedDictionary<string, BpfMap> maps;

    private Instance(BpfProgram program, IEnumerable<(string Section, BpfMap Map)> opened)
    {
        Program = program;
        maps = opened.ToImmutableSortedDictionary(map => map.Section, map => map.Map, StringComparer.Ordinal);
        mappings = maps.ToImmutableSortedDictionary(map => map.Key, map => map.Value.Mmap(), StringComparer.Ordinal);
    }

    public BpfProgram Program { get; }

    public IEnumerable<string> Sections => maps.Keys;

    /// <summary>Takes a program and its data sections from a loaded object, which may then be closed.</summary>
    public static Instance Of(BpfObject loaded, string function, IEnumerable<string> sections) =>
        new(loaded.Program(function), [.. sections.Select(section => (section, loaded.Map(section)))]);

    /// <summary>Opens what was pinned. Null when a pin is missing.</summary>
    public static Instance? OpenPinned(Pins pins, int number, IEnumerable<string> sections)
    {
        string[] all = [.. sections];
        return File.Exists(pins.Program(number)) && all.All(section => File.Exists(pins.Map(number, section)))
            ? new(BpfProgram.OpenPinned(pins.Program(number)), [.. all.Select(section => (section, BpfMap.OpenPinned(pins.Map(number, section))))])
            : null;
    }

    /// <summary>The section's bytes as the program sees them.</summary>
    public MapMapping Map(string section) => mappings[section];

    /// <summary>A copy of some sections' bytes.</summary>
    public Dictionary<string, byte[]> Copy(IEnumerable<string> sections) =>
        sections.ToDictionary(section => section, section => mappings[section].Bytes.ToArray(), StringComparer.Ordinal);

    public void Pin(Pins pins, int number)
    {
        pins.Unpin(number);
        Directory.CreateDirectory(pins.Instance(number));
        Program.Pin(pins.Program(number));
        foreach ((string section, BpfMap map) in maps)
        {
            map.Pin(pins.Map(number, section));
        }
    }

    public void Dispose()
    {
        foreach (MapMapping mapping in mappings.Values)
        {
            mapping.Dispose();
        }

        foreach (BpfMap map in maps.Values)
        {
            map.Dispose();
        }

        Program.Dispose();
    }
}
