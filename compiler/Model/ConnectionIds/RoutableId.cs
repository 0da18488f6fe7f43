using System.Buffers.Binary;
using System.Collections.Immutable;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model.ConnectionIds;

/// <summary>The server id in a connection id that a server chose: draft-ietf-quic-load-balancers-19 and later, sections 3 and 5.2; and Katran's versions.</summary>
internal static class RoutableId
{
    /// <summary>Config rotation bits of ids that name no server on purpose (section 3.1).</summary>
    private const int Unroutable = 7;

    /// <summary>Bytes of the shortest connection id that Katran reads.</summary>
    private const int KatranLength = 8;

    /// <param name="ciphers">By key file; of those that are there.</param>
    /// <param name="id">The connection id, or more.</param>
    /// <param name="note">Why there is none.</param>
    public static UInt128? ServerOf(QuicRouting quic, ImmutableSortedDictionary<string, IdCipher> ciphers, ReadOnlySpan<byte> id, out Reason note)
    {
        note = Reason.NoteQuicShort;
        if (id.IsEmpty)
        {
            return null;
        }

        return quic.Scheme == QuicScheme.Katran ? OfKatran(id, ref note) : OfDraft(quic, ciphers, id, ref note);
    }

    private static UInt128? OfDraft(QuicRouting quic, ImmutableSortedDictionary<string, IdCipher> ciphers, ReadOnlySpan<byte> id, ref Reason note)
    {
        int rotation = id[0] >> 5;
        if (quic.Configs.FirstOrDefault(c => c.Id == rotation) is not { } config)
        {
            note = rotation == Unroutable ? Reason.NoteQuicUnroutable : Reason.NoteQuicConfig;
            return null;
        }

        int length = config.ServerIdLength + config.NonceLength;
        if (id.Length < 1 + length)
        {
            return null;
        }

        ReadOnlySpan<byte> named = id.Slice(1, length);
        if (config.KeyFile is { } file)
        {
            note = Reason.NoteQuicKey;
            if (!ciphers.TryGetValue(file, out IdCipher? cipher))
            {
                return null;
            }

            named = cipher.Decrypt(named);
        }

        return Number(named[..config.ServerIdLength]);
    }

    /// <summary>Version in the first two bits; 1: the 16 bits behind them, 2: the second to fourth byte, 3: the second to fifth.</summary>
    private static UInt128? OfKatran(ReadOnlySpan<byte> id, ref Reason note)
    {
        int version = id[0] >> 6;
        if (version == 0)
        {
            note = Reason.NoteQuicConfig;
            return null;
        }

        if (id.Length < KatranLength)
        {
            return null;
        }

        return version switch
        {
            1 => ((uint)(id[0] & 0x3f) << 10) | ((uint)id[1] << 2) | ((uint)id[2] >> 6),
            2 => Number(id.Slice(1, 3)),
            _ => BinaryPrimitives.ReadUInt32BigEndian(id[1..]),
        };
    }

    private static UInt128 Number(ReadOnlySpan<byte> bytes)
    {
        UInt128 number = 0;
        foreach (byte one in bytes)
        {
            number = (number << 8) | one;
        }

        return number;
    }
}
