using Weir.Applier.Apply;

namespace Weir.Benchmarks;

/// <summary>An interface, a bpffs and a state directory to apply to, gone afterwards. <c>run.sh</c> gives the benchmark namespaces of its own,
/// so that nothing is left even after a kill.</summary>
internal sealed class ApplyLab : IDisposable
{
    public const string Interface = "weirbench0";

    private readonly string _folder;

    private ApplyLab(string folder)
    {
        _folder = folder;
        Paths = new ApplierPaths(Directory.CreateDirectory(Path.Combine(folder, "state")).FullName, Directory.CreateDirectory(Path.Combine(folder, "bpf")).FullName);
    }

    public ApplierPaths Paths { get; }

    public static async Task<ApplyLab> OpenAsync(string folder, CancellationToken cancellation)
    {
        ApplyLab lab = new(folder);
        await Workbench.RunAsync("mount", ["-t", "bpf", "bpf", lab.Paths.BpfFileSystem], cancellation);
        try
        {
            await Workbench.RunAsync("ip", ["link", "add", Interface, "type", "veth", "peer", "name", "weirbench1"], cancellation);
            await Workbench.RunAsync("ip", ["link", "set", Interface, "up"], cancellation);
            await Workbench.RunAsync("ip", ["link", "set", "weirbench1", "up"], cancellation);
            return lab;
        }
        catch
        {
            lab.Dispose();
            throw;
        }
    }

    /// <summary>Of <c>weir-applier</c>, to make a bundle live here.</summary>
    public IReadOnlyList<string> Arguments(string bundle) =>
        ["apply", "--bundle", bundle, "--interface", Interface, "--state-dir", Paths.State, "--bpffs", Paths.BpfFileSystem];

    public void Dispose()
    {
        foreach ((string tool, string[] arguments) in ((string, string[])[])[("ip", ["link", "del", Interface]), ("umount", [Paths.BpfFileSystem])])
        {
            try
            {
                Workbench.RunAsync(tool, arguments, CancellationToken.None).GetAwaiter().GetResult();
            }
            catch (InvalidOperationException)
            {
                // It was never made.
            }
        }

        Directory.Delete(_folder, recursive: true);
    }
}
