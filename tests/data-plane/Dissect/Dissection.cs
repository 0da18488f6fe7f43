using System.Collections.Immutable;

namespace Weir.DataPlaneTests.Dissect;

/// <summary>What tshark says about one frame.</summary>
internal sealed class Dissection(IEnumerable<KeyValuePair<string, string>> fields)
{
    /// <summary>Of <c>_ws.expert.severity</c>: warnings and errors; below are notes and chat.</summary>
    private const int Warning = 0x600000;

    /// <summary>Of fields <c>*.checksum.status</c>.</summary>
    private const string Bad = "0", Good = "1";

    private static readonly string[] Checksums = ["ip", "udp", "tcp", "gre", "icmp", "icmpv6"];

    private readonly ImmutableDictionary<string, string> fields = fields.ToImmutableDictionary();

    /// <summary>From the outside in, without what the innermost packet carries: <c>eth:ethertype:ip:gre:ip:tcp</c>.</summary>
    public string Protocols => fields["frame.protocols"];

    /// <summary>A field's values, from the outside in.</summary>
    public string[] this[string field] => fields[field].Split('|', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether a checksum is wrong; what an ICMP error quotes may be cut off, and only its IP header's counts.</summary>
    public bool HasBadChecksum => Checksums.Where(name => !QuotesAPacket || name is not ("tcp" or "udp")).Any(name => this[$"{name}.checksum.status"].Contains(Bad));

    private bool QuotesAPacket => Protocols.Contains(":icmp:ip:", StringComparison.Ordinal) || Protocols.Contains(":icmpv6:ipv6:", StringComparison.Ordinal);

    /// <summary>How many checksums of a protocol are right.</summary>
    public int GoodChecksums(string protocol) => this[$"{protocol}.checksum.status"].Count(status => status == Good);

    /// <summary>Whether something is cut off, of a wrong length, or otherwise worth a warning, beside a quoted checksum.</summary>
    public bool Complains => fields["_ws.malformed"].Length > 0
        || (!QuotesAPacket && this["_ws.expert.severity"].Any(x => int.Parse(x, System.Globalization.CultureInfo.InvariantCulture) >= Warning));

    public override string ToString() => string.Join('\n', fields.Where(x => x.Value.Length > 0).OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"  {x.Key} = {x.Value}"));
}
