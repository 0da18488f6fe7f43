using System.Net;
using System.Net.Sockets;

namespace Weir.Lab.Traffic;

/// <summary>A connection as the load balancer sees it: from the client to the VIP.</summary>
public sealed record Flow(ProtocolType Protocol, IPEndPoint Source, IPEndPoint Destination)
{
    public override string ToString() => $"{(Protocol == ProtocolType.Tcp ? "tcp" : "udp")} {Source} -> {Destination}";
}

/// <summary>How a flow ended for its client.</summary>
public enum FlowEnd
{
    /// <summary>It works.</summary>
    None,

    /// <summary>The other side sent a TCP RST.</summary>
    Reset,

    /// <summary>No answer in the time given.</summary>
    TimedOut,

    /// <summary>Anything else: refused, unreachable, closed.</summary>
    Other,
}

/// <summary>A flow that did not end well.</summary>
public sealed record Failure(Flow Flow, FlowEnd End, string Reason)
{
    public static Failure From(Flow flow, Exception error) => error switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => new Failure(flow, FlowEnd.Reset, "reset"),
        OperationCanceledException => new Failure(flow, FlowEnd.TimedOut, "no answer in time"),
        _ => new Failure(flow, FlowEnd.Other, error.Message),
    };
}
