using Weir.Applier.Build;

namespace Weir.Kernels.Tests;

/// <summary>What all guests share, made once: the file system but for a kernel's own modules, the applier, and the examples'
/// bundles, their programs compiled out here.</summary>
public sealed class Payload : IAsyncLifetime
{
    /// <summary>What a guest's router runs.</summary>
    private static readonly string[] Programs = ["pass", "spoil"];

    private readonly string scratch = Path.Combine(Path.GetTempPath(), $"weir-kernels-{Environment.ProcessId}");

    public string Folder => Path.Combine(scratch, "common");

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Initramfs image = new(Folder);
        await image.AddBase(cancel);
        await SelfContained.Install(image, cancel);
        Clang clang = await Clang.FindAsync(cancellation: cancel);
        foreach (string program in Programs)
        {
            await Command.Run(
                clang.Path, ["-O2", "-g", "-target", "bpf", "-c", $"tests/kernels/guest/{program}.bpf.c", "-o", Path.Combine(Folder, $"guest/{program}.o")], cancel);
        }

        await AddKey(Path.Combine(Folder, "etc/weir/quic.key"), cancel);
        Bundles bundles = new(new ObjectBuilder(clang), Scratch("topologies"));
        foreach (Example example in Example.All)
        {
            await bundles.Add(example, Path.Combine(Folder, "bundles", example.Name), cancel);
        }
    }

    /// <summary>A key as a host has it: its own, and nobody else's to read.</summary>
    private static async Task AddKey(string path, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "8f95f09245765f80256934e50c66207f\n", cancel);
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
    }

    /// <summary>A folder of the caller's own that goes when the matrix is done.</summary>
    public string Scratch(string name) => Directory.CreateDirectory(Path.Combine(scratch, name)).FullName;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(scratch, recursive: true);
        return ValueTask.CompletedTask;
    }
}
