using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Weir.Lab.Network;
using Weir.Lab.Processes;
using Weir.Testing;

namespace Weir.Lab.Quic;

/// <summary>How a server's connection ids name it: draft-ietf-quic-load-balancers.</summary>
/// <param name="Config">0 to 6.</param>
/// <param name="ServerId">Hexadecimal.</param>
/// <param name="NonceLength">Bytes.</param>
/// <param name="Key">32 hexadecimal digits; null for plaintext ids.</param>
public sealed record QuicIds(int Config, string ServerId, int NonceLength, string? Key);

/// <summary><c>quic-server.c</c> on a backend, bound to a VIP. Its answers take seconds, so that connections move while they come.</summary>
public sealed class QuicServer : IDisposable
{
    private readonly Process process;
    private readonly ConcurrentDictionary<string, int> events = new(StringComparer.Ordinal);

    private QuicServer(Process process) => this.process = process;

    /// <summary>How often something happened.</summary>
    /// <param name="what"><c>connection</c>, <c>answered</c>, or <c>stray</c>: a packet of a connection that is not this server's.</param>
    public int Count(string what) => events.GetValueOrDefault(what);

    /// <summary>Compiles the server and makes it a certificate.</summary>
    /// <returns>The directory, with all that <see cref="StartAsync"/> needs.</returns>
    public static async Task<string> BuildAsync(string directory, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        string source = Path.Combine(RepositoryRoot.Path, "tests", "lab", "Quic", "quic-server.c");
        (await Command.RunAsync(
            "gcc",
            ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", Program(directory), source, "-lngtcp2", "-lngtcp2_crypto_gnutls", "-lgnutls", "-lnettle"],
            cancellation)).Required();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=www", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(Certificate(directory), certificate.ExportCertificatePem(), cancellation);
        await File.WriteAllTextAsync(Key(directory), key.ExportPkcs8PrivateKeyPem(), cancellation);
        return directory;
    }

    /// <param name="directory">Of <see cref="BuildAsync"/>.</param>
    /// <param name="lines">Of an answer; one comes every 100 ms.</param>
    public static async Task<QuicServer> StartAsync(string directory, LabHost host, IPEndPoint vip, int lines, QuicIds ids, CancellationToken cancellation)
    {
        string[] numbers = [.. new[] { vip.Port, lines, ids.Config, ids.NonceLength }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        string[] arguments =
        [
            $"--net={host.Network.Path}", "--", Program(directory), host.Role, vip.Address.ToString(), numbers[0], Certificate(directory), Key(directory), numbers[1],
            numbers[2], ids.ServerId, numbers[3], .. ids.Key is { } key ? [key] : Array.Empty<string>(),
        ];
        Process process = Process.Start(new ProcessStartInfo("nsenter", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        QuicServer server = new(process);
        _ = server.ListenAsync();
        while (server.Count("ready") == 0)
        {
            if (process.HasExited)
            {
                string error = await process.StandardError.ReadToEndAsync(cancellation);
                server.Dispose();
                throw new InvalidOperationException($"The server on {host.Role} did not start. {error}");
            }

            await Task.Delay(10, cancellation);
        }

        return server;
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private static string Program(string directory) => Path.Combine(directory, "quic-server");

    private static string Certificate(string directory) => Path.Combine(directory, "certificate.pem");

    private static string Key(string directory) => Path.Combine(directory, "key.pem");

    private async Task ListenAsync()
    {
        StreamReader output = process.StandardOutput;
        while (await output.ReadLineAsync() is { } what)
        {
            events.AddOrUpdate(what, 1, (_, count) => count + 1);
        }
    }
}
