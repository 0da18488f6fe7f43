namespace Weir.Lab.Accounting;

/// <summary>Packets that left one side and arrived at the other, between two quiet moments.</summary>
public sealed record Conservation(long RequestsSent, long RequestsReceived, long RepliesSent, long RepliesReceived, long Retransmitted)
{
    public bool Holds => RequestsSent == RequestsReceived && RepliesSent == RepliesReceived;

    public long Lost => RequestsSent - RequestsReceived + RepliesSent - RepliesReceived;
}
