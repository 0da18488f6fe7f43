using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Weir.Compiler.Planning;

/// <summary>What a backend is, as a number that outlives renames, weights and states.</summary>
public static class BackendIdentity
{
    /// <summary>The first eight bytes, little-endian, of SHA-256 over "weir backend v1", 0, the pool's name in UTF-8, 0, the length of the
    /// address in bytes, the address in network order, and the port (big-endian u16; 0 where the encapsulation keeps the client's).
    /// Names hold no NUL, so the encoding is unambiguous.</summary>
    public static ulong Of(string pool, IPAddress address, ushort port)
    {
        int name = Encoding.UTF8.GetByteCount(pool);
        byte[] text = new byte[Domain.Length + name + 1 + 1 + 16 + 2];
        Domain.CopyTo(text);
        int at = Domain.Length;
        at += Encoding.UTF8.GetBytes(pool, text.AsSpan(at)) + 1;
        address.TryWriteBytes(text.AsSpan(at + 1), out int length);
        text[at] = (byte)length;
        at += 1 + length;
        BinaryPrimitives.WriteUInt16BigEndian(text.AsSpan(at), port);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.AsSpan(0, at + 2), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private static ReadOnlySpan<byte> Domain => "weir backend v1\0"u8;
}
