using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Import.Services;

/// <summary>Reads Kubernetes Services and EndpointSlices: documents, lists, or the mapping with <c>services</c> and <c>endpoints</c> that Cilium's
/// agent takes by <c>--lb-state-file</c>.</summary>
internal static class ServicesReader
{
    private const string ServiceLabel = "kubernetes.io/service-name";

    public static IEnumerable<ImportedService> Read(string text, ImportNotes notes)
    {
        List<KubernetesObject> services = [];
        List<KubernetesObject> slices = [];
        foreach ((SyntaxNode root, int offset) in YamlDocuments.Read(text, notes))
        {
            if (root is MappingNode mapping)
            {
                Sort(new KubernetesObject(mapping, offset), services, slices, notes);
            }
            else
            {
                notes.Fail(root.Span.Line + offset, "a document is no Kubernetes object", "import what kubectl get -o yaml prints");
            }
        }

        ILookup<string, KubernetesObject> byService = slices.ToLookup(s => s.Identity(s.Below("metadata").Below("labels").Text(ServiceLabel)), StringComparer.Ordinal);
        HashSet<string> known = [.. services.Select(s => s.Identity(s.Below("metadata").Text("name")))];
        foreach (IGrouping<string, KubernetesObject> lost in byService.Where(g => !known.Contains(g.Key)))
        {
            notes.LeaveOut(lost.First().Line, $"the endpoints of {lost.Key} are left out: that service is not in the file", "import services and EndpointSlices together");
        }

        return services.SelectMany(s => Service(s, [.. byService[s.Identity(s.Below("metadata").Text("name"))]], notes));
    }

    private static void Sort(KubernetesObject found, List<KubernetesObject> services, List<KubernetesObject> slices, ImportNotes notes)
    {
        string? kind = found.Text("kind");
        if (kind is "Service")
        {
            services.Add(found);
        }
        else if (kind is "EndpointSlice")
        {
            slices.Add(found);
        }
        else if (kind is "List" or "ServiceList" or "EndpointSliceList")
        {
            foreach (KubernetesObject item in found.Objects("items"))
            {
                KubernetesObject named = item;
                if (!item.Has("kind") && kind != "List")
                {
                    (kind == "ServiceList" ? services : slices).Add(named);
                }
                else
                {
                    Sort(named, services, slices, notes);
                }
            }
        }
        else if (kind is null && (found.Has("services") || found.Has("endpoints")))
        {
            services.AddRange(found.Objects("services"));
            slices.AddRange(found.Objects("endpoints"));
        }
        else
        {
            notes.LeaveOut(found.Line, $"{(kind is null ? "an object without a kind" : $"an object of kind {kind}")} is left out", "import Services and EndpointSlices");
        }
    }

    private static IEnumerable<ImportedService> Service(KubernetesObject service, ImmutableArray<KubernetesObject> slices, ImportNotes notes)
    {
        KubernetesObject spec = service.Below("spec");
        string? label = service.Below("metadata").Text("name");
        if (label is null)
        {
            notes.Fail(service.Line, "a service has no name", "add metadata.name");
            yield break;
        }

        string name = service.Identity(label) is var identity && identity.StartsWith("default/", StringComparison.Ordinal) ? label : identity;
        ServiceNotes.Add(service, name, notes);
        ImmutableArray<IPAddress> addresses = Addresses(service, name, notes);
        foreach (KubernetesObject port in spec.Objects("ports"))
        {
            string protocolName = port.Text("protocol") ?? "TCP";
            if (protocolName is not ("TCP" or "UDP"))
            {
                notes.LeaveOut(port.Line, $"a port of {name} with protocol {protocolName} is left out: VIPs have TCP or UDP ports", "serve it by other means");
            }
            else if (port.Port("port") is not { } number)
            {
                notes.Fail(port.Line, $"a port of {name} has no number from 1 to 65535", "correct it");
            }
            else
            {
                TransportProtocol protocol = protocolName == "TCP" ? TransportProtocol.Tcp : TransportProtocol.Udp;
                ImmutableArray<ImportedBackend> backends = SliceReader.Backends(slices, port.Text("name") ?? "", number, name, notes);
                foreach (IPAddress address in addresses)
                {
                    yield return new ImportedService(name, address, new PortRange(protocol, number, number), backends, port.Line);
                }
            }
        }
    }

    /// <summary>Addresses that are reached from outside; the cluster's own where there is no other.</summary>
    private static ImmutableArray<IPAddress> Addresses(KubernetesObject service, string name, ImportNotes notes)
    {
        KubernetesObject spec = service.Below("spec");
        IEnumerable<string> outside = spec.Texts("externalIPs")
            .Concat(service.Below("status").Below("loadBalancer").Objects("ingress").Select(i => i.Text("ip")).OfType<string>())
            .Concat(spec.Text("loadBalancerIP") is { } wanted ? [wanted] : []);
        IEnumerable<string> inside = spec.Texts("clusterIPs") is { Length: > 0 } several ? several : spec.Text("clusterIP") is { } one ? [one] : [];
        string[] texts = [.. outside.Distinct(StringComparer.Ordinal)];
        if (texts.Length == 0)
        {
            texts = [.. inside.Where(t => t is not ("None" or ""))];
            (string what, string help) = texts.Length == 0
                ? ($"the service {name} is left out: it has no address", "give it an external address")
                : ($"the service {name} has no address but the cluster's own, which becomes a VIP", "check that clients outside the cluster are to reach it");
            notes.LeaveOut(service.Line, what, help);
        }

        ImmutableArray<IPAddress>.Builder addresses = ImmutableArray.CreateBuilder<IPAddress>();
        foreach (string text in texts)
        {
            if (Endpoint.ParseAddress(text) is { } address)
            {
                addresses.Add(address);
            }
            else
            {
                notes.Fail(service.Line, $"{text} of {name} is no address", "correct it");
            }
        }

        return addresses.DrainToImmutable();
    }
}
