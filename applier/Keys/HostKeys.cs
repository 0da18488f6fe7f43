using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Weir.Applier.Libbpf;
using Weir.Compiler.Model.ConnectionIds;
using Weir.Compiler.Planning;

namespace Weir.Applier.Keys;

/// <summary>The keys of a site's encrypted connection ids, in the order of their numbers in the program. They are wiped when this is disposed;
/// from then on the kernel has them, for as long as an instance lives.</summary>
public sealed class HostKeys : IDisposable
{
    /// <summary>The syscall program that takes a key, of <c>weir/keys.h</c>.</summary>
    public const string Function = "weir_set_key";

    // struct weir_set_key: number, error, key.
    private const int ErrorAt = 4, KeyAt = 8;

    private readonly ImmutableArray<(string File, byte[] Key)> keys;

    public HostKeys(IEnumerable<(string File, byte[] Key)> keys)
    {
        this.keys = [.. keys];
        Ciphers = this.keys.ToImmutableSortedDictionary(key => key.File, key => new IdCipher(key.Key), StringComparer.Ordinal);
    }

    public static HostKeys None { get; } = new([]);

    /// <summary>By key file, for the reference model.</summary>
    public ImmutableSortedDictionary<string, IdCipher> Ciphers { get; }

    /// <summary>The keys that a site needs, from this host's files.</summary>
    /// <exception cref="ApplierException">The kernel cannot decrypt, or <see cref="Read"/> refuses a file.</exception>
    public static HostKeys Of(SitePlan plan)
    {
        ImmutableArray<string> files = KeyFiles.Of(plan);
        if (files.IsEmpty)
        {
            return None;
        }

        KernelCrypto.Require(plan.Site);
        return Read(files);
    }

    /// <summary>The keys in a host's files.</summary>
    /// <param name="files">Sorted, each once.</param>
    /// <exception cref="ApplierException">A file is not there, is no key, or others may read it.</exception>
    public static HostKeys Read(ImmutableArray<string> files)
    {
        List<(string, byte[])> read = [];
        try
        {
            foreach (string file in files)
            {
                read.Add((file, KeyFile.Read(file)));
            }

            return new HostKeys(read);
        }
        catch
        {
            Wipe(read);
            throw;
        }
    }

    /// <summary>Keys that nobody has, for a program that is only looked at.</summary>
    /// <exception cref="ApplierException">The kernel cannot decrypt.</exception>
    public static HostKeys Random(SitePlan plan)
    {
        ImmutableArray<string> files = KeyFiles.Of(plan);
        if (!files.IsEmpty)
        {
            KernelCrypto.Require(plan.Site);
        }

        return new(files.Select(file => (file, RandomNumberGenerator.GetBytes(IdCipher.KeyLength))));
    }

    /// <summary>Gives a loaded object's keys to the kernel.</summary>
    /// <exception cref="ApplierException">The kernel has no AES-ECB.</exception>
    public void Give(BpfObject loaded)
    {
        if (keys.Length == 0)
        {
            return;
        }

        using BpfProgram program = loaded.Program(Function);
        Span<byte> context = stackalloc byte[KeyAt + IdCipher.KeyLength];
        try
        {
            for (int number = 0; number < keys.Length; number++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(context, number);
                BinaryPrimitives.WriteInt32LittleEndian(context[ErrorAt..], 0);
                keys[number].Key.CopyTo(context[KeyAt..]);
                if (program.RunSystemCall(context) != 0)
                {
                    throw Refused(keys[number].File, -BinaryPrimitives.ReadInt32LittleEndian(context[ErrorAt..]));
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(context);
        }
    }

    public void Dispose()
    {
        foreach (IdCipher cipher in Ciphers.Values)
        {
            cipher.Dispose();
        }

        Wipe(keys);
    }

    private static void Wipe(IEnumerable<(string File, byte[] Key)> keys)
    {
        foreach ((_, byte[] key) in keys)
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static ApplierException Refused(string file, int errno) => ApplierException.Failed(string.Create(
        CultureInfo.InvariantCulture,
        $"The kernel does not take the key of {file} (errno {errno}): it was built without AES-ECB (CONFIG_CRYPTO_ECB and CONFIG_CRYPTO_AES), or its module is not loaded."));
}
