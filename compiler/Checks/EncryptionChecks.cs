using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What holds of encrypted connection ids: they have a key file, at a path of the hosts, and are encrypted as their length asks for.</summary>
internal static class EncryptionChecks
{
    private const string None = "none", SinglePass = "single-pass", FourPass = "four-pass";

    public static void Check(BoundQuicConfig config, List<Diagnostic> diagnostics)
    {
        if (config.KeyFile is { } file && !IsPath(file.Value))
        {
            diagnostics.Add(Diagnose.MalformedKeyFile(file.Span, file.Value).UsedAt(file.UsedAt));
        }

        if (config.Encryption is not { } stated)
        {
            return;
        }

        if (stated.Value is SinglePass or FourPass && config.KeyFile is null)
        {
            diagnostics.Add(Diagnose.MissingKeyFile(stated.Span, stated.Value).UsedAt(stated.UsedAt));
        }
        else if (stated.Value == None && config.KeyFile is not null)
        {
            diagnostics.Add(Diagnose.KeyOfPlaintext(stated.Span).UsedAt(stated.UsedAt));
        }

        if (stated.Value is SinglePass or FourPass
            && config is { ServerIdLength: { } serverId, NonceLength: { } nonce }
            && stated.Value == SinglePass != (serverId.Value + nonce.Value == QuicConfig.BlockLength))
        {
            diagnostics.Add(Diagnose.OtherEncryption(stated.Span, stated.Value, serverId.Value + nonce.Value).UsedAt(stated.UsedAt));
        }
    }

    /// <summary>A site takes so many key files; pools move between sites, so the topology has no more.</summary>
    public static void CheckFiles(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        HashSet<string> files = new(StringComparer.Ordinal);
        foreach (Located<string> file in topology.Pools.SelectMany(p => p.Quic?.Configs ?? []).Select(c => c.KeyFile).OfType<Located<string>>())
        {
            if (files.Add(file.Value) && files.Count == KeyFiles.Limit + 1)
            {
                diagnostics.Add(Diagnose.ManyKeyFiles(file.Span, file.Value, KeyFiles.Limit).UsedAt(file.UsedAt));
            }
        }
    }

    /// <summary>An absolute path that says the same wherever it is read.</summary>
    private static bool IsPath(string path) =>
        path.Length > 1 && path[0] == '/' && !path.Any(char.IsControl)
        && path[1..].Split('/').All(name => name is not ("" or "." or ".."));
}
