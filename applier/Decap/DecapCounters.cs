using System.Buffers.Binary;
using System.Globalization;
using Weir.Compiler.Model.Strips;

namespace Weir.Applier.Decap;

/// <summary>What a decapsulator did, summed over CPUs.</summary>
/// <param name="Bytes">Of inner packets that it passed on.</param>
public sealed record DecapCounters(long Passed, long Decapsulated, long Sender, long Malformed, long Fragment, long Checksum, long Ecn, long Bytes)
{
    /// <summary>From one CPU's slice to the next (<c>struct decap_counters</c>).</summary>
    private const int Stride = 64;

    /// <param name="section">The bytes of <c>.bss.counters</c>.</param>
    public static DecapCounters Read(ReadOnlySpan<byte> section)
    {
        Span<long> sums = stackalloc long[Stride / sizeof(long)];
        for (int at = 0; at + sizeof(long) <= section.Length; at += sizeof(long))
        {
            sums[at % Stride / sizeof(long)] += BinaryPrimitives.ReadInt64LittleEndian(section[at..]);
        }

        return new DecapCounters(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]);
    }

    /// <summary>Packets with an outcome.</summary>
    public long Of(StripOutcome outcome) => outcome switch
    {
        StripOutcome.Not => Passed,
        StripOutcome.Done => Decapsulated,
        StripOutcome.Sender => Sender,
        StripOutcome.Malformed => Malformed,
        StripOutcome.Fragment => Fragment,
        StripOutcome.Checksum => Checksum,
        StripOutcome.Ecn => Ecn,
        _ => 0,
    };

    /// <summary>One line an outcome.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        decapsulated    {Decapsulated} packets, {Bytes} bytes
        passed          {Passed} packets that are not encapsulated
        drop-sender     {Sender}
        drop-malformed  {Malformed}
        drop-fragment   {Fragment}
        drop-checksum   {Checksum}
        drop-ecn        {Ecn}
        """);
}
