using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.Lab.Network;
using Weir.Lab.Processes;
using Weir.Lab.Traffic;

namespace Weir.Lab.Quic;

/// <summary>What a client got before and after it moved.</summary>
/// <param name="Before">The flow it began with.</param>
/// <param name="After">The flow it went on with.</param>
/// <param name="Lines">Of the answer: which backend, and which address it knew the client by.</param>
public sealed record QuicAnswer(Flow Before, Flow After, ImmutableArray<(string Backend, IPEndPoint Client)> Lines, CommandResult Command);

/// <summary>Debian's ngtcp2 client: asks once, and moves to another address while the answer comes.</summary>
public static class QuicClient
{
    /// <summary>How long after the handshake it moves: time to prepare the other address.</summary>
    private const int MovesAfterMs = 1200;

    private const int LongestSeconds = 9;

    /// <param name="from">The address and port that the client begins with.</param>
    /// <param name="to">What it goes on with.</param>
    /// <param name="connected">Whether a server has the connection.</param>
    /// <param name="directory">For its files.</param>
    public static async Task<QuicAnswer> AskAsync(LabHost client, IPEndPoint vip, IPEndPoint from, IPEndPoint to, Func<bool> connected, string directory, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        await Use(client, from, cancellation);
        Task<CommandResult> running = client.RunAsync(
            "timeout",
            [
                LongestSeconds.ToString(CultureInfo.InvariantCulture), "gtlsclient", "--exit-on-all-streams-close",
                string.Create(CultureInfo.InvariantCulture, $"--change-local-addr={MovesAfterMs}ms"),
                $"--download={directory}", "--no-quic-dump", "--no-http-dump", "--quiet",
                vip.Address.ToString(), vip.Port.ToString(CultureInfo.InvariantCulture), "https://www/answer",
            ],
            cancellation);
        while (!connected() && !running.IsCompleted)
        {
            await Task.Delay(10, cancellation);
        }

        await Use(client, to, cancellation);
        CommandResult result = await running;
        string answer = Path.Combine(directory, "answer");
        string[] lines = File.Exists(answer) ? await File.ReadAllLinesAsync(answer, cancellation) : [];
        return new QuicAnswer(new Flow(ProtocolType.Udp, from, vip), new Flow(ProtocolType.Udp, to, vip), [.. lines.Select(Line)], result);
    }

    /// <summary>From here on the client's sockets get this address and port: it asks the routes for the one and the kernel for the other.</summary>
    private static async Task Use(LabHost client, IPEndPoint endpoint, CancellationToken cancellation)
    {
        string gateway = AddressPlan.Gateway(client.Toward(endpoint.Address)).ToString();
        (await Command.RunAsync(
            "ip", ["-n", client.Network.Name, "route", "replace", "default", "via", gateway, "dev", LabHost.Interface, "src", endpoint.Address.ToString()], cancellation)).Required();
        client.Network.Set("ipv4/ip_local_port_range", string.Create(CultureInfo.InvariantCulture, $"{endpoint.Port} {endpoint.Port}"));
    }

    /// <summary><c>web-1 198.51.100.2:40001</c>; an IPv6 address stands before the last colon as it is.</summary>
    private static (string Backend, IPEndPoint Client) Line(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal), colon = line.LastIndexOf(':');
        return (line[..space], new IPEndPoint(IPAddress.Parse(line[(space + 1)..colon]), int.Parse(line.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture)));
    }
}
