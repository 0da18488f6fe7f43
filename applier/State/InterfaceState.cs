using System.Globalization;
using System.Text.Json;
using Weir.Compiler.Emit;

namespace Weir.Applier.State;

/// <summary>What the state directory keeps of one interface:
/// <c>current</c> (the live generation's number), <c>redo</c> (a population change under way) and
/// <c>generations/N/</c> with <c>generation.json</c>, <c>bundle/</c> and, for the first generation of an instance, <c>lb.bpf.o</c>.</summary>
public sealed class InterfaceState(string directory)
{
    /// <summary>How many generations are kept for reading and going back.</summary>
    public const int Kept = 10;

    private const string RecordFile = "generation.json", ObjectFile = "lb.bpf.o", BundleDirectory = "bundle", Unfinished = ".unfinished";

    private string CurrentPath => Path.Combine(directory, "current");

    private string RedoPath => Path.Combine(directory, "redo");

    private string GenerationsPath => Path.Combine(directory, "generations");

    public static InterfaceState Open(string stateDirectory, string interfaceName) =>
        new(Path.Combine(stateDirectory, "interfaces", interfaceName));

    /// <summary>Interfaces that the state directory knows, sorted.</summary>
    public static IEnumerable<string> Interfaces(string stateDirectory)
    {
        string path = Path.Combine(stateDirectory, "interfaces");
        return Directory.Exists(path)
            ? Directory.EnumerateDirectories(path).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary>The number in <c>current</c>; null before the first generation.</summary>
    public int? Current => File.Exists(CurrentPath)
        && int.TryParse(File.ReadAllText(CurrentPath).AsSpan().TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    /// <summary>Every finished generation directory's number, ascending.</summary>
    public IReadOnlyList<int> Numbers => Directory.Exists(GenerationsPath)
        ? [.. Directory.EnumerateDirectories(GenerationsPath)
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)
            .Where(number => number > 0)
            .Order()]
        : [];

    public string BundlePath(int number) => Path.Combine(PathOf(number), BundleDirectory);

    public string ObjectPath(int instance) => Path.Combine(PathOf(instance), ObjectFile);

    /// <summary>The manifest of a kept generation.</summary>
    public Manifest Manifest(int number)
    {
        string path = Path.Combine(BundlePath(number), "manifest.json");
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.Manifest)!;
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            throw ApplierException.Failed($"{path} cannot be read: {error.Message}", error);
        }
    }

    public GenerationRecord? Record(int number)
    {
        string path = Path.Combine(PathOf(number), RecordFile);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), GenerationJson.Default.GenerationRecord);
        }
        catch (JsonException error)
        {
            throw ApplierException.Failed($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Writes a whole generation aside and gives it its name when every byte is on disk.</summary>
    /// <param name="bundle">Files by path in the bundle.</param>
    /// <param name="program">The object, when this generation brings an instance of its own.</param>
    public void Add(GenerationRecord record, IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> bundle, ReadOnlyMemory<byte>? program)
    {
        Directory.CreateDirectory(GenerationsPath);
        string aside = PathOf(record.Number) + Unfinished;
        DeleteDirectory(aside);
        Directory.CreateDirectory(Path.Combine(aside, BundleDirectory, "maps"));
        foreach ((string name, ReadOnlyMemory<byte> content) in bundle)
        {
            DurableFile.Write(Path.Combine(aside, BundleDirectory, name), content.Span);
        }

        if (program is { } bytes)
        {
            DurableFile.Write(Path.Combine(aside, ObjectFile), bytes.Span);
        }

        DurableFile.Write(Path.Combine(aside, RecordFile), Bytes(record));
        LibC.SyncDirectory(Path.Combine(aside, BundleDirectory, "maps"));
        LibC.SyncDirectory(Path.Combine(aside, BundleDirectory));
        DeleteDirectory(PathOf(record.Number));
        DurableFile.MoveDirectory(aside, PathOf(record.Number));
    }

    public void Rewrite(GenerationRecord record) => DurableFile.Replace(Path.Combine(PathOf(record.Number), RecordFile), Bytes(record));

    public void MakeCurrent(int number) =>
        DurableFile.Replace(CurrentPath, System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture) + "\n"));

    public void Forget(int number) => DeleteDirectory(PathOf(number));

    public RedoJournal? Redo() => File.Exists(RedoPath) ? RedoJournal.FromBytes(File.ReadAllBytes(RedoPath), RedoPath) : null;

    public void WriteRedo(RedoJournal journal) => DurableFile.Replace(RedoPath, journal.ToBytes());

    public void RemoveRedo() => DurableFile.Delete(RedoPath);

    /// <summary>Removes what a killed process left unfinished, and generations too old to keep. The current one and the one whose
    /// object it runs stay.</summary>
    public void Prune(int current, int instance)
    {
        foreach (int number in Numbers.Where(number => number <= current - Kept && number != instance))
        {
            Forget(number);
        }

        foreach (string path in Directory.EnumerateDirectories(GenerationsPath, "*" + Unfinished))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static byte[] Bytes(GenerationRecord record) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(record, GenerationJson.Default.GenerationRecord), (byte)'\n'];

    private static void DeleteDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private string PathOf(int number) => Path.Combine(GenerationsPath, number.ToString(CultureInfo.InvariantCulture));
}
