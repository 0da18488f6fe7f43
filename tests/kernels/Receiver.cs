using System.Net.Sockets;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Kernels.Tests;

/// <summary>How a backend's kernel is set up to receive, as words for <c>guest/receivers.sh</c>.</summary>
internal static class Receiver
{
    private const string Deaf = "deaf-";

    /// <summary>Whether a pool's backends are set up so that they hear nothing: its name says <c>deaf-</c> and in what they differ from what is sent.</summary>
    public static bool IsDeaf(PoolPlan pool) => pool.Name.StartsWith(Deaf, StringComparison.Ordinal);

    /// <summary>Whether what is sent to a backend has an outer UDP or GRE checksum.</summary>
    public static bool HasSum(SitePlan plan, BackendPlan backend) =>
        plan.Encapsulations[backend.Encapsulation].HasChecksum(backend.Address.AddressFamily == AddressFamily.InterNetworkV6);

    public static string Of(SitePlan plan, PoolPlan pool, BackendPlan backend)
    {
        EncapsulationPlan encapsulation = plan.Encapsulations[backend.Encapsulation];
        EncapsulationOptions options = encapsulation.Options;
        string differs = IsDeaf(pool) ? pool.Name : "";
        return string.Join(' ', Words());

        IEnumerable<string> Words()
        {
            yield return EncapsulationKeys.Name(encapsulation.Type);
            if (options.Key is { } key)
            {
                yield return $"key={key + Off("key")}";
            }

            // A device that wants a GRE checksum takes nothing without one, and one that does not, nothing with one.
            if (encapsulation.Type == EncapsulationType.Gre && (HasSum(plan, backend) || Off("sum") > 0))
            {
                yield return "sum=yes";
            }

            if (options.Port is { } port)
            {
                yield return $"port={port + Off("port")}";
            }

            if (options.Vni is { } vni)
            {
                yield return $"vni={vni + Off("vni")}";
            }

            if (options.InnerDestination is { } mac)
            {
                yield return $"mac={AddressText.OfMac(mac)}";
            }

            // RFC 6935: over IPv6 no checksum is taken only where that was agreed on.
            if (options.Checksum == false && backend.Address.AddressFamily == AddressFamily.InterNetworkV6 && options.Vni is not null && Off("zero") == 0)
            {
                yield return "zero=yes";
            }
        }

        uint Off(string what) => differs.Split('-').Contains(what) ? 1u : 0u;
    }
}
