using System.Text.RegularExpressions;

namespace Weir.Benchmarks;

/// <summary>A git repository with a <see cref="BenchTopology"/> in its first commit and, in its second, what a day's work changes:
/// a backend in every tenth pool drained, a VIP moved to another pool.</summary>
internal sealed partial record ScaleRepository(string Folder)
{
    public const string Base = "HEAD~1";
    public const string Head = "HEAD";

    public static async Task<ScaleRepository> CreateAsync(string folder, BenchTopology topology, CancellationToken cancellation)
    {
        topology.Write(folder);
        await GitAsync("init", "-q");
        await CommitAsync("The estate");
        string file = Path.Combine(folder, "topology.yaml");
        string text = await File.ReadAllTextAsync(file, cancellation);
        int pool = 0;
        text = FirstBackend().Replace(text, match => pool++ % 10 == 0 ? match.Value.Replace(" }", ", state: drain }", StringComparison.Ordinal) : match.Value);
        text = text.Replace("  vip-1:\n    address", "  vip-one:\n    address", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text, cancellation);
        await CommitAsync("Drain some, rename one");
        return new ScaleRepository(folder);

        async Task CommitAsync(string message)
        {
            await GitAsync("add", "-A");
            await GitAsync("-c", "user.name=bench", "-c", "user.email=bench@example.net", "commit", "-q", "-m", message);
        }

        Task GitAsync(params string[] arguments) => Workbench.RunAsync("git", ["-C", folder, .. arguments], cancellation);
    }

    [GeneratedRegex(@"(?<=backends:\n)[^\n]*")]
    private static partial Regex FirstBackend();
}
