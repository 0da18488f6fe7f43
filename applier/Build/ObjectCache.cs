using System.Security.Cryptography;

namespace Weir.Applier.Build;

/// <summary>Objects by what they were made from. An entry is an ELF file followed by the SHA-256 of its bytes,
/// which readers of ELF ignore, and appears whole or not at all.</summary>
/// <param name="directory">Made when the first object is stored.</param>
public sealed class ObjectCache(string directory)
{
    /// <summary>The object of a key, or null when there is none, or none that is whole.</summary>
    /// <param name="key">Lower-case hex.</param>
    public byte[]? Find(string key)
    {
        byte[] entry;
        try
        {
            entry = File.ReadAllBytes(PathOf(key));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        int size = entry.Length - SHA256.HashSizeInBytes;
        return size > 0 && SHA256.HashData(entry.AsSpan(0, size)).AsSpan().SequenceEqual(entry.AsSpan(size)) ? entry[..size] : null;
    }

    /// <summary>Stores an object, in the place of what was there.</summary>
    public void Store(string key, ReadOnlySpan<byte> elf)
    {
        Directory.CreateDirectory(directory);
        string path = PathOf(key);
        string aside = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (FileStream file = new(aside, FileMode.CreateNew))
            {
                file.Write(elf);
                file.Write(SHA256.HashData(elf));
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>Where a key's object lies.</summary>
    public string PathOf(string key) => Path.Combine(directory, key + ".o");
}
