using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Weir.Applier.Libbpf;
using Weir.Compiler.Model.Strips;
using Weir.Compiler.Topologies;

namespace Weir.Applier.Decap;

/// <summary>The decapsulator's C text, <c>bpf/decap/decap.bpf.c</c>, and what its sections hold.</summary>
public static class DecapObject
{
    /// <summary>Name of the XDP function.</summary>
    public const string Function = "weir_decap";

    public const string CounterSection = ".bss.counters", RuleSection = ".data.rules";

    /// <summary>Room for prefixes of a family.</summary>
    public const int MaxPrefixes = 16;

    private const string Resource = "bpf/decap/decap.bpf.c";

    // struct decap_rules.
    private const int GueAt = 4, VxlanAt = 6, GeneveAt = 8, ZeroChecksumAt = 10, From4At = 16, From6At = From4At + (8 * MaxPrefixes), Size = From6At + (32 * MaxPrefixes);

    /// <summary>In the order of the bits of <c>enum strip_kind</c>.</summary>
    public static ImmutableArray<EncapsulationType> Types { get; } =
        [EncapsulationType.Ipip, EncapsulationType.Gre, EncapsulationType.Gue, EncapsulationType.Vxlan, EncapsulationType.Geneve];

    public static byte[] Source()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not in this program.");
        byte[] source = new byte[stream.Length];
        stream.ReadExactly(source);
        return source;
    }

    /// <summary>Opens an object and gives it its rules; it is not loaded yet.</summary>
    /// <exception cref="ApplierException">It is not the decapsulator of this version.</exception>
    public static BpfObject Open(byte[] elf, StripRules rules)
    {
        BpfObject opened = BpfObject.Open(elf, Function);
        try
        {
            if (!opened.Programs.Contains(Function) || !opened.Maps.Any(map => map.Name == RuleSection && map.ValueSize == Size))
            {
                throw ApplierException.Failed($"The object has no function {Function}, or not this version's: it is not our decapsulator.");
            }

            opened.SetInitialValue(RuleSection, Rules(rules));
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary><c>struct decap_rules</c>. Outer destinations are not among them: a backend takes what reaches it.</summary>
    /// <exception cref="ApplierException">More prefixes than there is room for.</exception>
    private static byte[] Rules(StripRules rules)
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, rules.Types.Aggregate(0u, (kinds, type) => kinds | (1u << Types.IndexOf(type))));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(GueAt), rules.GuePort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(VxlanAt), rules.VxlanPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(GeneveAt), rules.GenevePort);
        bytes[ZeroChecksumAt] = rules.ZeroChecksumV6 ? (byte)1 : (byte)0;
        Prefixes(rules.From, AddressFamily.InterNetwork, bytes.AsSpan(From4At, 8 * MaxPrefixes), 4);
        Prefixes(rules.From, AddressFamily.InterNetworkV6, bytes.AsSpan(From6At), 16);
        return bytes;
    }

    /// <summary>Address and mask, row after row. An unused row has an address that its mask, 0, lets no source have.</summary>
    private static void Prefixes(ImmutableArray<IPNetwork> prefixes, AddressFamily family, Span<byte> rows, int length)
    {
        ImmutableArray<IPNetwork> own = [.. prefixes.Where(prefix => prefix.BaseAddress.AddressFamily == family)];
        if (own.Length > MaxPrefixes)
        {
            throw ApplierException.Failed($"There are {own.Length} prefixes of one family that may send; {MaxPrefixes} fit. Join some.");
        }

        for (int row = 0; row < MaxPrefixes; row++)
        {
            Span<byte> at = rows.Slice(row * 2 * length, 2 * length);
            if (row >= own.Length)
            {
                at[..length].Fill(0xff);
                continue;
            }

            own[row].BaseAddress.GetAddressBytes().CopyTo(at);
            for (int bit = 0; bit < own[row].PrefixLength; bit++)
            {
                at[length + (bit / 8)] |= (byte)(0x80 >> (bit % 8));
            }
        }
    }
}
