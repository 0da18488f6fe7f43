namespace Weir.Kernels.Tests;

/// <summary>The modules that the labs inside guests need.</summary>
internal static class KernelModules
{
    private static readonly string[] Needed = ["veth", "8021q", "ipip", "sit", "ip6_tunnel", "ip_gre", "ip6_gre", "fou", "fou6", "vxlan", "geneve"];

    /// <summary>Puts the modules and all they depend on into a folder, uncompressed and numbered in the order in which they load.</summary>
    public static async Task Install(Kernel kernel, string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        Dictionary<string, string[]> dependencies = (await File.ReadAllLinesAsync(Path.Combine(kernel.Modules, "modules.dep"), cancel))
            .Select(line => line.Split(':', 2))
            .ToDictionary(x => x[0], x => x[1].Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
        List<string> order = [];
        foreach (string name in Needed)
        {
            string module = dependencies.Keys.SingleOrDefault(x => Path.GetFileName(x).Split('.')[0] == name)
                ?? throw new InvalidOperationException($"Kernel {kernel.Release} has no module {name}.");
            // modules.dep lists what a module needs, nearest first.
            foreach (string each in dependencies[module].Reverse().Append(module).Where(x => !order.Contains(x)))
            {
                order.Add(each);
            }
        }

        foreach ((int number, string module) in order.Index())
        {
            string source = Path.Combine(kernel.Modules, module);
            string target = Path.Combine(folder, $"{number:d2}-{Path.GetFileName(module).Split('.')[0]}.ko");
            if (module.EndsWith(".xz", StringComparison.Ordinal))
            {
                await Command.Run("sh", ["-c", "xz -dc \"$0\" >\"$1\"", source, target], cancel);
            }
            else
            {
                File.Copy(source, target);
            }
        }
    }
}
