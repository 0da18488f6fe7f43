using System.Globalization;

namespace Weir.Applier.Generations;

/// <summary>Where an interface's link, programs and maps are pinned: <c>BPFFS/weir/IF/link</c> and <c>gen-N/</c> beside it.</summary>
public sealed record Pins
{
    private const string InstancePrefix = "gen-";

    public Pins(string bpfFileSystem, string interfaceName)
    {
        Interface = interfaceName;

        // bpffs refuses names with dots, which VLAN interfaces have.
        Directory = Path.Combine(
            bpfFileSystem,
            "weir",
            interfaceName.Replace("%", "%25", StringComparison.Ordinal).Replace(".", "%2e", StringComparison.Ordinal));
    }

    public string Interface { get; }

    public string Directory { get; private init; }

    public string Link => Path.Combine(Directory, "link");

    /// <summary>Numbers of the pinned instances, ascending.</summary>
    public IReadOnlyList<int> Instances => System.IO.Directory.Exists(Directory)
        ? [.. System.IO.Directory.EnumerateDirectories(Directory, InstancePrefix + "*")
            .Select(path => int.TryParse(Path.GetFileName(path).AsSpan(InstancePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)
            .Where(number => number > 0)
            .Order()]
        : [];

    /// <summary>The decapsulator's link and instances, laid out the same one level below.</summary>
    public static Pins ForDecap(string bpfFileSystem, string interfaceName)
    {
        Pins pins = new(bpfFileSystem, interfaceName);
        return pins with { Directory = Path.Combine(pins.Directory, "decap") };
    }

    public string Instance(int number) => Path.Combine(Directory, InstancePrefix + number.ToString(CultureInfo.InvariantCulture));

    public string Program(int instance) => Path.Combine(Instance(instance), "prog");

    /// <summary><c>.data.ring8</c> is pinned as <c>data_ring8</c>.</summary>
    public string Map(int instance, string section) =>
        Path.Combine(Instance(instance), section.TrimStart('.').Replace('.', '_'));

    /// <summary>Removes the link's pin and every instance's.</summary>
    public void Clear()
    {
        if (System.IO.Directory.Exists(Directory))
        {
            File.Delete(Link);
        }

        foreach (int instance in Instances)
        {
            Unpin(instance);
        }
    }

    public void Unpin(int instance)
    {
        string path = Instance(instance);
        if (System.IO.Directory.Exists(path))
        {
            foreach (string pin in System.IO.Directory.EnumerateFiles(path))
            {
                File.Delete(pin);
            }

            System.IO.Directory.Delete(path);
        }
    }
}
