using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Weir.Compiler.Checks;

/// <summary>Addresses and ranges by what they contain. Two prefixes are either apart or one contains the other, so all that contain one are
/// found by cutting it to every length in use.</summary>
internal sealed class PrefixIndex<T>
{
    private readonly Dictionary<Prefix, List<T>> _values = [];
    private readonly SortedSet<int> _lengths = [];

    public IEnumerable<Prefix> Keys => _values.Keys;

    public void Add(Prefix prefix, T value)
    {
        _lengths.Add(prefix.Length);
        if (!_values.TryAdd(prefix, [value]))
        {
            _values[prefix].Add(value);
        }
    }

    /// <summary>Everything that contains the prefix or is it, the widest first.</summary>
    public IEnumerable<(Prefix Prefix, T Value)> Containing(Prefix prefix)
    {
        foreach (int length in _lengths)
        {
            if (length > prefix.Length)
            {
                yield break;
            }

            Prefix cut = prefix.CutTo(length);
            if (_values.TryGetValue(cut, out List<T>? values))
            {
                foreach (T value in values)
                {
                    yield return (cut, value);
                }
            }
        }
    }

    /// <summary>Everything that shares an address with the prefix.</summary>
    public IEnumerable<(Prefix Prefix, T Value)> Overlapping(Prefix prefix) => prefix.IsSingle
        ? Containing(prefix)
        : Containing(prefix).Concat(_values
            .Where(v => v.Key.Length > prefix.Length && v.Key.CutTo(prefix.Length) == prefix)
            .SelectMany(v => v.Value.Select(value => (v.Key, value))));
}

/// <summary>A prefix of either family as a key.</summary>
/// <param name="Bits">The network, in the upper bits.</param>
/// <param name="Length">For IPv4 that of the prefix; for IPv6 that plus <see cref="FirstV6"/>, so that the families are apart.</param>
internal readonly record struct Prefix(UInt128 Bits, int Length)
{
    private const int FirstV6 = 64;
    private const int LongestV4 = 32;

    public bool IsSingle => Length is LongestV4 or FirstV6 + 128;

    public static Prefix Of(IPAddress address) => Of(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    public static Prefix Of(IPAddress address, int length)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out _);
        return new Prefix(BinaryPrimitives.ReadUInt128BigEndian(bytes), address.AddressFamily == AddressFamily.InterNetwork ? length : FirstV6 + length);
    }

    /// <summary>The prefix of this length around it; never equal to one in use when the length is of the other family.</summary>
    public Prefix CutTo(int length)
    {
        if ((length <= LongestV4) != (Length <= LongestV4))
        {
            return new Prefix(UInt128.MaxValue, length);
        }

        int bits = length > LongestV4 ? length - FirstV6 : length;
        return new Prefix(bits == 0 ? UInt128.Zero : Bits & (UInt128.MaxValue << (128 - bits)), length);
    }
}
