using System.Collections.Immutable;
using Weir.Compiler.Emit;

namespace Weir.Applier.Build;

/// <summary>The data plane's headers, which travel inside the compiler's library.</summary>
public static class EmbeddedHeaders
{
    private const string Prefix = "bpf/";

    /// <summary>Paths as programs include them (<c>weir/layout.h</c>) with their bytes, sorted by path.</summary>
    public static ImmutableArray<(string Path, byte[] Bytes)> All { get; } = Read();

    private static ImmutableArray<(string Path, byte[] Bytes)> Read()
    {
        System.Reflection.Assembly library = typeof(Manifest).Assembly;
        return [.. library.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".h", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (name[Prefix.Length..], Bytes(library, name)))];
    }

    private static byte[] Bytes(System.Reflection.Assembly library, string name)
    {
        using Stream stream = library.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
