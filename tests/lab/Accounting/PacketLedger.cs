using Weir.Lab.Network;

namespace Weir.Lab.Accounting;

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

    /// <summary>The account when all is quiet: waits up to three seconds for what is still under way.</summary>
    public async Task<Conservation> SettleAsync(CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < 15 && !Balance().Holds; attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
        }

        return Balance();
    }

    /// <summary>The account so far; what is still under way counts as lost.</summary>
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
