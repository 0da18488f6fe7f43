using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Weir.Applier.Generations;

/// <summary>Which stores turn live maps into other images, in an order that no packet can notice.</summary>
public static class StorePlan
{
    private const string BackendSection = ".data.backend";

    /// <param name="live">What the maps hold now, by section.</param>
    /// <param name="wanted">What they shall hold; the same sections and sizes.</param>
    /// <param name="rowBytes">Bytes of a backend's row, a multiple of 8.</param>
    /// <returns>The stores in order, or null when a row in use would get another address: that takes a new instance.</returns>
    public static ImmutableArray<Store>? Between(
        IReadOnlyDictionary<string, byte[]> live, IReadOnlyDictionary<string, byte[]> wanted, int rowBytes)
    {
        ImmutableArray<Store>.Builder stores = ImmutableArray.CreateBuilder<Store>();
        foreach ((string section, byte[] image) in wanted.OrderBy(image => image.Key, StringComparer.Ordinal))
        {
            byte[] now = live[section];
            if (section == BackendSection)
            {
                if (!Rows(now, image, rowBytes, stores))
                {
                    return null;
                }
            }
            else
            {
                Ring(section, now, image, stores);
            }
        }

        stores.Sort(static (a, b) =>
        {
            int phase = a.Phase.CompareTo(b.Phase);
            int section = phase != 0 ? phase : string.CompareOrdinal(a.Section, b.Section);
            return section != 0 ? section : a.Offset.CompareTo(b.Offset);
        });
        return stores.ToImmutable();
    }

    /// <summary>Slots do not depend on each other, so eight bytes of them may turn at once.</summary>
    private static void Ring(string section, byte[] now, byte[] wanted, ImmutableArray<Store>.Builder stores)
    {
        ReadOnlySpan<ulong> from = MemoryMarshal.Cast<byte, ulong>(now), to = MemoryMarshal.Cast<byte, ulong>(wanted);
        for (int at = 0; at < from.Length;)
        {
            at += from[at..].CommonPrefixLength(to[at..]);
            if (at < from.Length)
            {
                stores.Add(new Store(section, StorePhase.Ring, at * 8, 8, from[at], to[at]));
                at++;
            }
        }

        for (int at = from.Length * 8; at < now.Length; at++)
        {
            if (now[at] != wanted[at])
            {
                stores.Add(new Store(section, StorePhase.Ring, at, 1, now[at], wanted[at]));
            }
        }
    }

    private static bool Rows(byte[] now, byte[] wanted, int rowBytes, ImmutableArray<Store>.Builder stores)
    {
        for (int row = 0; row < now.Length; row += rowBytes)
        {
            ReadOnlySpan<byte> from = now.AsSpan(row, rowBytes), to = wanted.AsSpan(row, rowBytes);
            if (from.SequenceEqual(to))
            {
                continue;
            }

            bool wasFree = !from.ContainsAnyExcept((byte)0), isFree = !to.ContainsAnyExcept((byte)0);
            // Another outer source is one word, and the address in front of it stays what it is: a packet sees the old word or the new.
            int address = rowBytes == 8 ? 4 : rowBytes - 8;
            if (!wasFree && !isFree && !from[..address].SequenceEqual(to[..address]))
            {
                return false;
            }

            StorePhase phase = !isFree ? StorePhase.NewRows : StorePhase.FreedRows;
            for (int at = 0; at < rowBytes; at += 8)
            {
                ulong old = BinaryPrimitives.ReadUInt64LittleEndian(from[at..]), value = BinaryPrimitives.ReadUInt64LittleEndian(to[at..]);
                if (old != value)
                {
                    stores.Add(new Store(BackendSection, phase, row + at, 8, old, value));
                }
            }
        }

        return true;
    }
}
