using System.Collections.Immutable;

namespace Weir.Compiler.Plans;

/// <summary>Flows of services that were in one pool's hands and are in another's (or in the same pool's with another ring). A flow moves when
/// the server that its packets are sent to is another one.</summary>
/// <param name="Slots">Slots that the hash space was cut into to compare: those of the larger ring, since a slot is the hash's top bits. When the
/// seed or the hash policy changes, pairs of slots.</param>
/// <param name="Moved">How many of them have another server.</param>
/// <param name="Exact">Whether the slots are known by number. False when the seed or the hash policy changes: then every flow draws anew, and
/// <paramref name="Moved"/> of <paramref name="Slots"/> is the share that draws another server.</param>
/// <param name="Pairs">From whom to whom, the largest first; empty unless exact.</param>
public sealed record PoolMove(
    string PoolBefore,
    string PoolAfter,
    int RingBefore,
    int RingAfter,
    long Slots,
    long Moved,
    bool Exact,
    ImmutableArray<MovePair> Pairs)
{
    /// <summary>Millionths of the hash space, rounded up.</summary>
    public int MovedPpm => Share.Ppm(Moved, Slots);
}

/// <summary>Names are those of the revision that the backend is taken from; null is no backend: packets are dropped.</summary>
public sealed record MovePair(string? From, string? To, long Slots);

/// <summary>What becomes of a VIP's packets at one site.</summary>
/// <param name="Vip">Name in the head revision, or in the base revision when it is gone.</param>
/// <param name="Move">Index into the site's moves for the services it keeps; null when none of their flows move.</param>
/// <param name="Added">Services that nobody served before, as <c>203.0.113.10 tcp/80</c>.</param>
/// <param name="Withdrawn">Services that nobody serves any more.</param>
/// <param name="TakenOver">Services that another VIP served before.</param>
/// <param name="MovedPpm">Largest share of the hash space of any service, of any source, that moves, in millionths rounded up.</param>
/// <param name="FlowsAtMost">So many live connections, were all that the site may have this VIP's.</param>
public sealed record VipTraffic(
    string Vip,
    string? Pool,
    int? Move,
    ImmutableArray<string> Added,
    ImmutableArray<string> Withdrawn,
    ImmutableArray<TakenOver> TakenOver,
    int MovedPpm,
    long FlowsAtMost)
{
    /// <summary>Sources that routes lead elsewhere, before or now, and whose flows move.</summary>
    public ImmutableArray<RoutedMove> Routes { get; init; } = [];

    /// <summary>Sources that were served and that <c>deny</c> names now. Those that <c>allow</c> leaves out are among <see cref="Withdrawn"/>.</summary>
    public ImmutableArray<string> Denied { get; init; } = [];

    /// <summary>Sources that were denied and are served now.</summary>
    public ImmutableArray<string> Admitted { get; init; } = [];
}

/// <param name="Move">Index into the site's moves.</param>
/// <param name="Sources">Blocks of clients' addresses, as <c>192.0.2.0/24</c>.</param>
public sealed record RoutedMove(int Move, ImmutableArray<string> Sources);

/// <param name="Move">Index into the site's moves; null when none of their flows move.</param>
public sealed record TakenOver(string From, int? Move, ImmutableArray<string> Services);

/// <summary>Shares as whole numbers.</summary>
public static class Share
{
    /// <summary>Millionths, rounded up.</summary>
    public static int Ppm(long part, long whole) => whole == 0 ? 0 : (int)((((Int128)part * 1_000_000) + whole - 1) / whole);

    /// <summary>So many of <paramref name="count"/>, rounded up.</summary>
    public static long Of(long count, long part, long whole) => whole == 0 ? 0 : (long)((((Int128)count * part) + whole - 1) / whole);
}
