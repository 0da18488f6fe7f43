using System.Collections.Immutable;

namespace Weir.Compiler.Import.Services;

/// <summary>Reads the endpoints that an EndpointSlice has for one port of its service.</summary>
internal static class SliceReader
{
    /// <summary>What a backend weighs whose source has no weights; the language's own default.</summary>
    private const int Weight = 100;

    /// <param name="port">Name of the service's port; empty for an only one.</param>
    public static ImmutableArray<ImportedBackend> Backends(ImmutableArray<KubernetesObject> slices, string port, ushort number, string service, ImportNotes notes)
    {
        ImmutableArray<ImportedBackend>.Builder backends = ImmutableArray.CreateBuilder<ImportedBackend>();
        foreach (KubernetesObject slice in slices)
        {
            KubernetesObject[] ports = [.. slice.Objects("ports").Where(p => (p.Text("name") ?? "") == port)];
            if (ports.Length == 0)
            {
                continue;
            }

            if (ports[0].Port("port") is { } target && target != number)
            {
                notes.LeaveOut(ports[0].Line, $"the target port {target} of {service} is left out: packets keep the port {number}", $"let the backends listen on {number}");
            }

            foreach (KubernetesObject endpoint in slice.Objects("endpoints"))
            {
                backends.AddRange(Endpoints(endpoint, service, notes));
            }
        }

        return [.. backends.DistinctBy(b => b.Address).OrderBy(b => b.Line)];
    }

    private static IEnumerable<ImportedBackend> Endpoints(KubernetesObject endpoint, string service, ImportNotes notes)
    {
        KubernetesObject conditions = endpoint.Below("conditions");
        bool drain = conditions.Flag("ready") == false || conditions.Flag("terminating") == true;
        ImmutableSortedDictionary<string, string> labels = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        if (endpoint.Text("zone") is { Length: > 0 and <= 63 } zone)
        {
            labels = labels.Add("zone", zone);
        }

        if (drain && conditions.Flag("terminating") != true)
        {
            notes.LeaveOut(endpoint.Line, $"an endpoint of {service} is not ready, and is drained in the topology", "make it active when it is ready");
        }

        foreach (string text in endpoint.Texts("addresses"))
        {
            if (Endpoint.ParseAddress(text) is { } address)
            {
                yield return new ImportedBackend(address, Weight, drain, labels, endpoint.Line)
                {
                    Name = endpoint.Below("targetRef").Text("name") ?? endpoint.Text("hostname"),
                };
            }
            else
            {
                notes.Fail(endpoint.Line, $"{text} of {service} is no address", "import slices of addresses; names are not resolved");
            }
        }
    }
}
