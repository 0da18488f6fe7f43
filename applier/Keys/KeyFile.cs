using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Weir.Applier.State;
using Weir.Compiler.Model.ConnectionIds;

namespace Weir.Applier.Keys;

/// <summary>A file with an AES-128 key: 32 hex digits and at most one newline, readable by its owner alone. What it holds is never in a message.</summary>
internal static class KeyFile
{
    private const int Digits = 2 * IdCipher.KeyLength, MostBytes = Digits + 2, NotThere = 2;

    private const ushort TypeMask = 0xf000, RegularFile = 0x8000, Others = 0x3f; // 077

    /// <returns>16 bytes, for the caller to wipe.</returns>
    /// <exception cref="ApplierException">There is no such file, it is not a key, or others may read it.</exception>
    public static byte[] Read(string path)
    {
        using SafeFileHandle? file = LibC.OpenStated(path, out FileStatus status, out int error);
        if (file is null)
        {
            throw Failed(path, error == NotThere ? "is not there" : $"cannot be read: {new System.ComponentModel.Win32Exception(error).Message}");
        }

        if ((status.Mode & TypeMask) != RegularFile)
        {
            throw Failed(path, "is no regular file");
        }

        if (status.Owner != 0 && status.Owner != LibC.EffectiveUser())
        {
            throw Failed(path, "belongs to another user");
        }

        if ((status.Mode & Others) != 0)
        {
            throw Failed(path, "may be read by others than its owner");
        }

        Span<byte> text = stackalloc byte[MostBytes + 1];
        try
        {
            return Parse(text[..RandomAccess.Read(file, text, 0)]) ?? throw Failed(path, "does not hold 32 hexadecimal digits and nothing else");
        }
        catch (IOException unreadable)
        {
            throw Failed(path, $"cannot be read: {unreadable.Message}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static byte[]? Parse(ReadOnlySpan<byte> text)
    {
        if (text is [.., (byte)'\n'])
        {
            text = text[..^1];
            text = text is [.., (byte)'\r'] ? text[..^1] : text;
        }

        if (text.Length != Digits)
        {
            return null;
        }

        byte[] key = new byte[IdCipher.KeyLength];
        if (Convert.FromHexString(text, key, out _, out _) == System.Buffers.OperationStatus.Done)
        {
            return key;
        }

        CryptographicOperations.ZeroMemory(key);
        return null;
    }

    private static ApplierException Failed(string path, string what) => ApplierException.Failed(
        $"The key file {path} {what}. It holds the AES-128 key of connection ids: 32 hexadecimal digits, owned by root, mode 0600.");
}
