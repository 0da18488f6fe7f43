namespace Weir.Compiler.Topologies;

/// <summary>How a packet travels to its backend. Names in YAML are these, in lower case.</summary>
public enum EncapsulationType
{
    /// <summary>IP in IP: RFC 2003 (4-in-4), RFC 2473 (6-in-6, 4-in-6), RFC 4213 (6-in-4).</summary>
    Ipip,

    /// <summary>RFC 2784, with a key by RFC 2890.</summary>
    Gre,

    /// <summary>Generic UDP encapsulation, variant 0 and 1 (draft-ietf-intarea-gue).</summary>
    Gue,

    /// <summary>RFC 7348: the inner packet in an Ethernet frame.</summary>
    Vxlan,

    /// <summary>RFC 8926: the inner packet in an Ethernet frame, options in front of it.</summary>
    Geneve,

    /// <summary>Only the destination MAC is rewritten: the backend is on the same segment.</summary>
    L2,

    /// <summary>The backend is whatever host the packet reached: it goes up that host's own stack.</summary>
    Local,

    /// <summary>Destination and source are translated; replies come back through the host.</summary>
    Nat,
}
