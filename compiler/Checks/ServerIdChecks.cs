using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What holds of server ids within a pool: every backend has one of its own, and it fits whatever carries it.</summary>
internal static class ServerIdChecks
{
    /// <summary>Bytes of a connection id behind its first octet (draft-ietf-quic-load-balancers, section 3.2).</summary>
    private const int RoomInConnectionId = 19;

    /// <summary>Kinds of options that hosts use themselves (IANA: TCP option kinds).</summary>
    private static readonly HashSet<int> Taken = [0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 19, 28, 29, 30, 34];

    public static void Check(BoundPool pool, List<Diagnostic> diagnostics)
    {
        if (pool.Quic is { } quic)
        {
            CheckConfigs(pool, quic, diagnostics);
        }

        if (pool.TcpOption is { } option && Taken.Contains(option.Value))
        {
            diagnostics.Add(Diagnose.TakenTcpOption(option.Span, option.Value).UsedAt(option.UsedAt));
        }

        CheckIds(pool, diagnostics);
    }

    private static void CheckConfigs(BoundPool pool, BoundQuic quic, List<Diagnostic> diagnostics)
    {
        if (quic.Scheme?.Value == QuicScheme.Katran && quic.ConfigsKey is { } configs)
        {
            diagnostics.Add(Diagnose.KatranConfigs(configs, pool.Name));
            return;
        }

        if (quic.Scheme?.Value == QuicScheme.QuicLb && quic.ConfigsKey is null)
        {
            diagnostics.Add(Diagnose.NoQuicConfigs(quic.Span, pool.Name));
        }

        Dictionary<int, Located<int>> ids = [];
        foreach (BoundQuicConfig config in quic.Configs)
        {
            EncryptionChecks.Check(config, diagnostics);
            if (config.Id is { } id && !ids.TryAdd(id.Value, id))
            {
                diagnostics.Add(Diagnose.DuplicateQuicConfig(id.Beside(ids[id.Value]), id.Value, ids[id.Value].Span).UsedAt(id.UsedAt));
            }

            if (config is { ServerIdLength: { } length, NonceLength: { } nonce } && length.Value + nonce.Value > RoomInConnectionId && length.Value <= ServerNumber.MaxLength)
            {
                diagnostics.Add(Diagnose.LongConnectionId(nonce.Span, length.Value, nonce.Value, RoomInConnectionId).UsedAt(nonce.UsedAt));
            }
        }
    }

    private static void CheckIds(BoundPool pool, List<Diagnostic> diagnostics)
    {
        bool used = pool.Quic is not null || pool.TcpOption is not null;
        (int longest, string carrier) = Longest(pool);
        Dictionary<UInt128, Located<string>> ids = [];
        foreach (BoundBackend backend in pool.Backends)
        {
            if (backend.ServerId is not { } id)
            {
                if (used && !backend.MentionsServerId)
                {
                    diagnostics.Add(Diagnose.MissingServerId(backend.Span, backend.Title, pool.Name));
                }

                continue;
            }

            UInt128 number = ServerNumber.Of(id.Value);
            if (!ids.TryAdd(number, id))
            {
                diagnostics.Add(Diagnose.DuplicateServerId(id.Beside(ids[number]), id.Value, ids[number].Span).UsedAt(id.UsedAt));
            }

            if (id.Value.Length / 2 > longest)
            {
                diagnostics.Add(Diagnose.LongServerId(id.Span, id.Value, id.Value.Length / 2, carrier, longest).UsedAt(id.UsedAt));
            }
        }
    }

    /// <summary>How many bytes of server id everything that carries it has room for, and what has no more.</summary>
    private static (int Bytes, string Carrier) Longest(BoundPool pool)
    {
        IEnumerable<(int, string)> room =
        [
            .. pool.Quic?.Scheme?.Value == QuicScheme.Katran ? [(ServerNumber.MaxShortLength, "Katran's connection ids")] : (IEnumerable<(int, string)>)[],
            .. pool.Quic?.Scheme?.Value == QuicScheme.QuicLb
                ? pool.Quic.Configs.Where(c => c.ServerIdLength is { Value: >= 1 }).Select(c => (c.ServerIdLength!.Value.Value, $"config {c.Id?.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"}"))
                : [],
            .. pool.TcpOption is not null ? [(ServerNumber.MaxShortLength, "a TCP option")] : (IEnumerable<(int, string)>)[],
        ];
        return room.DefaultIfEmpty((int.MaxValue, "")).MinBy(r => r.Item1);
    }
}
