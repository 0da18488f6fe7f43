using Weir.Compiler.Topologies;

namespace Weir.Compiler.Import.Ipvs;

/// <summary>What IPVS can do and a topology does not say, in one place for its two formats.</summary>
internal static class IpvsNotes
{
    /// <param name="what">What there is no counterpart for, or null for an option that is not known.</param>
    public static void NoCounterpart(string? what, string option, int line, ImportNotes notes)
    {
        if (what is null)
        {
            notes.Fail(line, $"{option} names no kind of service", "import the file as it was written");
        }
        else
        {
            notes.LeaveOut(line, $"a service by {what} is left out: VIPs are addresses with TCP or UDP ports", "name its addresses and ports in the topology");
        }
    }

    public static void Scheduler(string name, int line, ImportNotes notes)
    {
        if (name is not ("mh" or "wrr"))
        {
            notes.LeaveOut(line, $"the scheduler {name} is replaced: flows are spread by hash, in proportion to the weights", "check that the weights say what you want");
        }
    }

    public static void Persistence(int line, ImportNotes notes) => notes.LeaveOut(
        line, "persistence is left out: a flow is hashed with its ports", "expect connections of one client on several backends");

    /// <param name="name">NAT or DR.</param>
    public static void Method(string name, int line, ImportNotes notes)
    {
        if (name == "NAT")
        {
            notes.LeaveOut(line, "forwarding by NAT becomes encapsulation: the backend answers the client by itself", "let backends decapsulate and hold the VIP on a loopback interface");
        }
        else if (name == "DR")
        {
            notes.LeaveOut(line, "forwarding by gateway becomes encapsulation", "let backends decapsulate; they hold the VIP already");
        }
    }

    public static void Port(ushort port, PortRange service, int line, ImportNotes notes)
    {
        if (port != service.First && service.First == service.Last)
        {
            notes.LeaveOut(line, $"the server's port {port} is left out: packets keep the port {service.First}", $"let the server listen on {service.First}");
        }
    }
}
