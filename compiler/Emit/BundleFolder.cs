using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Weir.Compiler.Emit;

/// <summary>Bundles as directories. The one place here that touches files.</summary>
public static class BundleFolder
{
    /// <summary>More than any map may hold on kernels we know (512 MiB); nothing larger is read into memory.</summary>
    private const long MaxBytes = 1L << 30;

    /// <summary>Every file below a directory.</summary>
    /// <exception cref="IOException">The directory or a file cannot be read, or they are larger than 1 GiB in all.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static Bundle Read(string directory)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<byte>>(StringComparer.Ordinal);
        long total = 0;
        foreach (FileInfo file in new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            total += file.Length;
            if (total > MaxBytes)
            {
                throw new IOException($"{directory} holds more than {MaxBytes} bytes: this is not a bundle.");
            }

            string path = Path.GetRelativePath(directory, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            files.Add(path, ImmutableCollectionsMarshal.AsImmutableArray(File.ReadAllBytes(file.FullName)));
        }

        return new Bundle(files.ToImmutable());
    }

    /// <summary>Puts a bundle where there is nothing, an empty directory or another bundle, by renaming a finished one there.</summary>
    /// <exception cref="IOException">The directory holds something that is not a bundle, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public static void Write(Bundle bundle, string directory)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        bool occupied = Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any();
        if (File.Exists(target) || (occupied && !File.Exists(Path.Combine(target, Bundle.ManifestPath))))
        {
            throw new IOException($"{directory} exists and is not a bundle: choose another directory or empty this one.");
        }

        string fresh = $"{target}.{Guid.NewGuid():n}.new";
        string old = $"{target}.{Guid.NewGuid():n}.old";
        try
        {
            foreach ((string path, ImmutableArray<byte> bytes) in bundle.Files)
            {
                string file = Path.Combine(fresh, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                using FileStream stream = File.Create(file);
                stream.Write(bytes.AsSpan());
            }

            if (Directory.Exists(target))
            {
                Directory.Move(target, old);
            }

            Directory.Move(fresh, target);
        }
        finally
        {
            Remove(fresh);
            Remove(old);
        }
    }

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
