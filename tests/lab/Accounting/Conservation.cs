using Weir.Lab.Network;

namespace Weir.Lab.Accounting;

/// <summary>Packets that left one side and arrived at the other, between two quiet moments.</summary>
public sealed record Conservation(long RequestsSent, long RequestsReceived, long RepliesSent, long RepliesReceived, long Retransmitted)
{
    public bool Holds => RequestsSent == RequestsReceived && RepliesSent == RepliesReceived;

    public long Lost => RequestsSent - RequestsReceived + RepliesSent - RepliesReceived;
}

/// <summary>Compares what the client's stack sent with what the backends' stacks received, and the way back. Nothing else may
/// talk on those hosts meanwhile.</summary>
public sealed class PacketLedger
{
    private readonly LabNetwork _lab;
    private readonly PacketCounts _client;
    private readonly PacketCounts _backends;

    private PacketLedger(LabNetwork lab)
    {
        _lab = lab;
        _client = PacketCounts.Of(lab.Client.Network);
        _backends = Backends(lab);
    }

    /// <summary>Opens the account now.</summary>
    public static PacketLedger Open(LabNetwork lab) => new(lab);

    /// <summary>The account so far. What is still under way counts as lost, so ask when all is quiet.</summary>
    public Conservation Balance()
    {
        var client = PacketCounts.Of(_lab.Client.Network) - _client;
        var backends = Backends(_lab) - _backends;
        return new Conservation(
            client.SentV4 + client.SentV6,
            backends.ReceivedV4 + backends.ReceivedV6,
            backends.SentV4 + backends.SentV6,
            client.ReceivedV4 + client.ReceivedV6,
            client.Retransmitted + backends.Retransmitted);
    }

    private static PacketCounts Backends(LabNetwork lab) =>
        lab.Backends.Select(backend => PacketCounts.Of(backend.Network)).Aggregate((sum, next) => sum + next);
}
