using System.Net;

namespace Weir.Lab.Network;

/// <summary>Who has which address in every lab. Documentation prefixes (RFC 5737, RFC 3849) outside, RFC 1918 behind.</summary>
public static class AddressPlan
{
    /// <summary>The router sends these to the load balancer.</summary>
    public const string VipsV4 = "203.0.113.0/24";

    /// <inheritdoc cref="VipsV4"/>
    public const string VipsV6 = "2001:db8:ff::/64";

    /// <summary>Load balancers send encapsulated packets from these, wherever their topology says.</summary>
    public const string OuterSourcesV4 = "10.10.0.0/16";

    /// <inheritdoc cref="OuterSourcesV4"/>
    public const string OuterSourcesV6 = "2001:db8:10::/48";

    public static (IPAddress V4, IPAddress V6) Client { get; } = (IPAddress.Parse("198.51.100.2"), IPAddress.Parse("2001:db8:51::2"));

    public static (IPAddress V4, IPAddress V6) LoadBalancer { get; } = (IPAddress.Parse("10.10.0.2"), IPAddress.Parse("2001:db8:10::2"));

    /// <param name="number">1 to 250.</param>
    public static (IPAddress V4, IPAddress V6) Backend(int number) =>
        (IPAddress.Parse($"10.1.{number}.2"), IPAddress.Parse($"2001:db8:1:{number}::2"));

    /// <summary>The router's address on the link of a host: the same network (/24, /64), last number 1.</summary>
    public static IPAddress Gateway(IPAddress host)
    {
        var bytes = host.GetAddressBytes();
        bytes[^1] = 1;
        return new IPAddress(bytes);
    }

    /// <summary>Locally administered; <paramref name="link"/> counts the router's links, 0 to 255.</summary>
    public static string Mac(int link, bool router) => $"02:00:00:00:{link:x2}:{(router ? 1 : 2):x2}";
}
