namespace Weir.Compiler.Import.Services;

/// <summary>What a Service can ask for and a topology does not say.</summary>
internal static class ServiceNotes
{
    public static void Add(KubernetesObject service, string name, ImportNotes notes)
    {
        KubernetesObject spec = service.Below("spec");
        int line = service.Line;
        if (spec.Text("sessionAffinity") is { } affinity and not "None")
        {
            notes.LeaveOut(line, $"session affinity ({affinity}) of {name} is left out: a flow is hashed with its ports", "expect connections of one client on several backends");
        }

        if (spec.Text("externalTrafficPolicy") is "Local" || spec.Text("internalTrafficPolicy") is "Local")
        {
            notes.LeaveOut(line, $"the traffic policy Local of {name} is left out", "prefer backends by site or label: prefer: local");
        }

        if (spec.Has("loadBalancerSourceRanges"))
        {
            notes.LeaveOut(line, $"the source ranges of {name} are left out: every client is served", "filter in front of the VIP");
        }

        if (spec.Text("type") is "NodePort" || spec.Objects("ports").Any(p => p.Has("nodePort")))
        {
            notes.LeaveOut(line, $"the node ports of {name} are left out: only VIPs are served", "reach it by its VIP");
        }

        if (spec.Text("type") is "ExternalName")
        {
            notes.LeaveOut(line, $"the external name of {name} is left out: VIPs have addresses", "resolve it in DNS");
        }

        if (spec.Has("healthCheckNodePort"))
        {
            notes.LeaveOut(line, $"the health check port of {name} is left out: health probes come later", "drain backends in the topology until then");
        }
    }
}
