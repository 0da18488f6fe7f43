namespace Weir.Kernels.Tests;

/// <summary>One check in a guest.</summary>
/// <param name="Script">File in <c>guest/checks</c>, without its extension.</param>
internal sealed record Check(string Name, string Script, params string[] Arguments);

/// <summary>All that is checked in every kernel, in this order.</summary>
internal static class Checks
{
    public static IEnumerable<Check> All(string series) => [new("boot", "boot", series), .. Example.All.SelectMany(example => Of(example, Version.Parse(series)))];

    private static IEnumerable<Check> Of(Example example, Version series)
    {
        string bundle = example.Name;
        if (series < example.Since)
        {
            yield return new($"{bundle}-is-refused", "refuses", bundle, example.Refusal);
            yield break;
        }

        yield return new($"{bundle}-applies", "apply", bundle);
        foreach (Check check in example.OnlyApplies ? [] : Served(example))
        {
            yield return check;
        }

        yield return new($"{bundle}-detaches", "detach", bundle);
    }

    private static IEnumerable<Check> Served(Example example)
    {
        string bundle = example.Name;
        yield return new($"{bundle}-serves-tcp", "traffic", bundle, "tcp");
        yield return new($"{bundle}-serves-udp", "traffic", bundle, "udp");
        if (example.HasReceivers)
        {
            yield return new($"{bundle}-hear-no-spoilt-sums", "spoilt", bundle, "udp");
            yield break;
        }

        yield return new($"{bundle}-answers-echo", "echo", bundle);
        yield return new($"{bundle}-serves-vlan", "vlan", bundle, "vlan");
        yield return new($"{bundle}-serves-qinq", "vlan", bundle, "qinq");
        if (example.Change is not null)
        {
            yield return new($"{bundle}-changes", "change", bundle);
        }
    }
}
