using System.Collections.Immutable;
using System.Globalization;

namespace Weir.Applier.Build;

/// <param name="Elf">The object file.</param>
/// <param name="Key">What it was made from, as lower-case hex SHA-256.</param>
/// <param name="Cached">Whether clang did not have to run.</param>
public sealed record BuiltObject(byte[] Elf, string Key, bool Cached);

/// <summary>Makes objects of generated programs: equal inputs give equal bytes, on every machine with the same clang.</summary>
/// <param name="cache">Null: clang runs every time.</param>
public sealed class ObjectBuilder(Clang clang, ObjectCache? cache = null, TimeProvider? time = null)
{
    private const string SourceName = "lb.bpf.c";

    // -nostdinc: what the host has in /usr/include must not matter. The compilation directory would name the host's temporary folder.
    private static readonly ImmutableArray<string> s_flags =
    [
        "-std=gnu11", "-O2", "-g", "-target", "bpf", "-mcpu=v3", "-Wall", "-Werror", "-nostdinc", "-I.",
        "-ffile-compilation-dir=.", "-fno-ident", "-fno-color-diagnostics",
    ];

    /// <summary>Compiles a program, or takes it from the cache.</summary>
    /// <param name="source">C text that includes the data plane's headers as <c>"weir/NAME.h"</c>, and no others.</param>
    /// <param name="cpus">Per-CPU slices, a power of two (<see cref="PossibleCpus.Capacity"/>); the program sees it as <c>WEIR_CPUS</c>.</param>
    /// <exception cref="BuildException">clang refused it, or ran out of its minute or its memory.</exception>
    public async Task<BuiltObject> BuildAsync(ReadOnlyMemory<byte> source, int cpus, CancellationToken cancellation = default)
    {
        ImmutableArray<string> flags = s_flags.Add(string.Create(CultureInfo.InvariantCulture, $"-DWEIR_CPUS={cpus}"));
        string key = ObjectKey.Of(source.Span, EmbeddedHeaders.All, flags, clang.Version);
        if (cache?.Find(key) is { } found)
        {
            return new BuiltObject(found, key, Cached: true);
        }

        byte[] elf = await CompileAsync(source, flags, cancellation);
        cache?.Store(key, elf);
        return new BuiltObject(elf, key, Cached: false);
    }

    private async Task<byte[]> CompileAsync(ReadOnlyMemory<byte> source, ImmutableArray<string> flags, CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("weir-build-");
        try
        {
            foreach ((string path, byte[] bytes) in EmbeddedHeaders.All)
            {
                string target = Path.Combine(folder.FullName, path);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await File.WriteAllBytesAsync(target, bytes, cancellation);
            }

            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, SourceName), source, cancellation);
            await ConfinedRun.RunAsync(clang.Path, [.. flags, "-c", SourceName, "-o", "lb.o"], folder.FullName, time ?? TimeProvider.System, cancellation);
            return await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "lb.o"), cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
