using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Weir.Applier.Build;

/// <summary>What an object is made from, as one digest: program, headers, flags and compiler.</summary>
internal static class ObjectKey
{
    internal static string Of(ReadOnlySpan<byte> source, IEnumerable<(string Path, byte[] Bytes)> headers, IEnumerable<string> flags, string compiler)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, source);
        Add(hash, Encoding.UTF8.GetBytes(compiler));
        foreach (string flag in flags)
        {
            Add(hash, Encoding.UTF8.GetBytes(flag));
        }

        foreach ((string path, byte[] bytes) in headers)
        {
            Add(hash, Encoding.UTF8.GetBytes(path));
            Add(hash, bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // With its length in front, so that no two lists of parts run together into the same bytes.
    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
