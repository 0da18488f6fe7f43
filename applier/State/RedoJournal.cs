using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Weir.Applier.Generations;

namespace Weir.Applier.State;

/// <summary>What a population change was about to store, written before its first store: who starts next finishes it.</summary>
/// <param name="To">The generation that the stores make.</param>
/// <param name="Instance">Whose maps they are for.</param>
public sealed record RedoJournal(int To, int Instance, ImmutableArray<Store> Stores)
{
    private static ReadOnlySpan<byte> Magic => "weir redo 1\n"u8;

    /// <summary>Little-endian, a SHA-256 of everything before it at the end.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream stream = new(64 + (Stores.Length * 23));
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(To);
        writer.Write(Instance);
        string[] sections = [.. Stores.Select(store => store.Section).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        writer.Write(sections.Length);
        foreach (string section in sections)
        {
            writer.Write(section);
        }

        Dictionary<string, byte> number = sections.Select((section, index) => (section, index))
            .ToDictionary(pair => pair.section, pair => checked((byte)pair.index), StringComparer.Ordinal);
        writer.Write(Stores.Length);
        foreach (Store store in Stores)
        {
            writer.Write(number[store.Section]);
            writer.Write((byte)store.Phase);
            writer.Write((byte)store.Width);
            writer.Write(store.Offset);
            writer.Write(store.Old);
            writer.Write(store.New);
        }

        writer.Flush();
        writer.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="ApplierException">The file is none of ours or was damaged.</exception>
    public static RedoJournal FromBytes(ReadOnlyMemory<byte> bytes, string path)
    {
        int end = bytes.Length - SHA256.HashSizeInBytes;
        if (end < Magic.Length
            || !bytes.Span.StartsWith(Magic)
            || !SHA256.HashData(bytes.Span[..end]).AsSpan().SequenceEqual(bytes.Span[end..]))
        {
            throw ApplierException.Failed(
                $"{path} is damaged: whether the last population change was finished cannot be known. Remove it and apply the bundle again.");
        }

        using BinaryReader reader = new(new MemoryStream(bytes[Magic.Length..end].ToArray()), Encoding.UTF8);
        int to = reader.ReadInt32(), instance = reader.ReadInt32();
        string[] sections = new string[reader.ReadInt32()];
        for (int index = 0; index < sections.Length; index++)
        {
            sections[index] = reader.ReadString();
        }

        ImmutableArray<Store>.Builder stores = ImmutableArray.CreateBuilder<Store>(reader.ReadInt32());
        for (int index = 0; index < stores.Capacity; index++)
        {
            string section = sections[reader.ReadByte()];
            StorePhase phase = (StorePhase)reader.ReadByte();
            int width = reader.ReadByte(), offset = reader.ReadInt32();
            ulong old = reader.ReadUInt64(), value = reader.ReadUInt64();
            stores.Add(new Store(section, phase, offset, width, old, value));
        }

        return new RedoJournal(to, instance, stores.ToImmutable());
    }
}
