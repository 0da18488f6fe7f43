using System.Security.Cryptography;

namespace Weir.Compiler.Model.ConnectionIds;

/// <summary>Server id and nonce of a QUIC connection id, encrypted and decrypted as draft-ietf-quic-load-balancers-19 and later have it
/// (sections 5.4 and 5.5): one AES-128-ECB block where they have 16 bytes together, four passes of a Feistel network otherwise. The
/// connection id's first octet is not part of it.</summary>
public sealed class IdCipher : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 16;

    /// <summary>Bytes of server id and nonce together: at least, at most.</summary>
    public const int Shortest = 5, Longest = 19;

    private const int BlockLength = 16, Passes = 4, LengthAt = 14, PassAt = 15;

    private readonly Aes aes;

    /// <exception cref="ArgumentException">The key has not 16 bytes.</exception>
    public IdCipher(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyLength)
        {
            throw new ArgumentException("A key has 16 bytes.", nameof(key));
        }

        aes = Aes.Create();
        aes.SetKey(key);
    }

    /// <summary>What a server does to server id and nonce before it sends them.</summary>
    /// <param name="plaintext">5 to 19 bytes.</param>
    /// <returns>As many bytes.</returns>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext)
    {
        CheckLength(plaintext.Length);
        if (plaintext.Length == BlockLength)
        {
            return aes.EncryptEcb(plaintext, PaddingMode.None);
        }

        Halves halves = Halves.Of(plaintext);
        for (int pass = 1; pass <= Passes; pass++)
        {
            Round(halves, pass);
        }

        return halves.Join();
    }

    /// <summary>Server id and nonce as the server had them.</summary>
    /// <param name="ciphertext">5 to 19 bytes.</param>
    /// <returns>As many bytes.</returns>
    public byte[] Decrypt(ReadOnlySpan<byte> ciphertext)
    {
        CheckLength(ciphertext.Length);
        if (ciphertext.Length == BlockLength)
        {
            return aes.DecryptEcb(ciphertext, PaddingMode.None);
        }

        Halves halves = Halves.Of(ciphertext);
        for (int pass = Passes; pass >= 1; pass--)
        {
            Round(halves, pass);
        }

        return halves.Join();
    }

    public void Dispose() => aes.Dispose();

    /// <summary>The odd passes encrypt the left half into the right, the even ones the right into the left; each is its own inverse.</summary>
    private void Round(Halves halves, int pass)
    {
        (byte[] from, byte[] into) = pass % 2 == 1 ? (halves.Left, halves.Right) : (halves.Right, halves.Left);
        Span<byte> block = stackalloc byte[BlockLength];
        from.CopyTo(block);
        block[LengthAt] = (byte)halves.Length;
        block[PassAt] = (byte)pass;
        byte[] output = aes.EncryptEcb(block, PaddingMode.None);
        for (int i = 0; i < into.Length; i++)
        {
            into[i] ^= output[i];
        }

        halves.ClearSharedBits();
    }

    private static void CheckLength(int length)
    {
        if (length is < Shortest or > Longest)
        {
            throw new ArgumentException("Server id and nonce have 5 to 19 bytes together.");
        }
    }

    /// <summary>Two halves of the same number of bytes. Of an odd length both have the middle byte, the left its upper four bits, the right its lower four.</summary>
    private sealed record Halves(byte[] Left, byte[] Right, int Length)
    {
        public static Halves Of(ReadOnlySpan<byte> whole)
        {
            int half = (whole.Length + 1) / 2;
            Halves halves = new(whole[..half].ToArray(), whole[^half..].ToArray(), whole.Length);
            halves.ClearSharedBits();
            return halves;
        }

        public void ClearSharedBits()
        {
            if (Length % 2 == 1)
            {
                Left[^1] &= 0xf0;
                Right[0] &= 0x0f;
            }
        }

        public byte[] Join()
        {
            byte[] whole = new byte[Length];
            Left.CopyTo(whole, 0);
            int at = Length - Right.Length;
            for (int i = 0; i < Right.Length; i++)
            {
                whole[at + i] |= Right[i];
            }

            return whole;
        }
    }
}
