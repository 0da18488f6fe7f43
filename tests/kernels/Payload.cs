using System.Collections.Immutable;
using System.Text;
using Weir.Applier.Build;
using Weir.Compiler.Emit;

namespace Weir.Kernels.Tests;

/// <summary>What all guests share, made once: the file system but for a kernel's own modules, the applier, and the examples'
/// bundles, their programs compiled out here.</summary>
public sealed class Payload : IAsyncLifetime
{
    /// <summary>Guests have two CPUs.</summary>
    private const int Cpus = 2;

    private readonly string scratch = Path.Combine(Path.GetTempPath(), $"weir-kernels-{Environment.ProcessId}");

    public string Folder => Path.Combine(scratch, "common");

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Initramfs image = new(Folder);
        await image.AddBase(cancel);
        await SelfContained.Install(image, cancel);
        Clang clang = await Clang.FindAsync(cancellation: cancel);
        await Command.Run(clang.Path, ["-O2", "-g", "-target", "bpf", "-c", "tests/kernels/guest/pass.bpf.c", "-o", Path.Combine(Folder, "guest/pass.o")], cancel);
        ObjectBuilder builder = new(clang);
        foreach ((string name, string directory, string site) in Checks.Examples)
        {
            await AddBundle(builder, directory, site, Path.Combine(Folder, "bundles", name), cancel);
        }
    }

    /// <summary>A folder of the caller's own that goes when the matrix is done.</summary>
    public string Scratch(string name) => Directory.CreateDirectory(Path.Combine(scratch, name)).FullName;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(scratch, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task AddBundle(ObjectBuilder builder, string topology, string site, string folder, CancellationToken cancel)
    {
        string target = Path.Combine(folder, "bundle");
        Directory.CreateDirectory(folder);
        await Command.Run(
            Path.Combine(Testing.RepositoryRoot.Path, "artifacts/bin/weir"), ["build", topology, "--site", site, "-o", target], cancel);
        (VerifiedBundle? bundle, ImmutableArray<string> problems) = BundleReader.Read(BundleFolder.Read(target));
        if (bundle is null)
        {
            throw new InvalidOperationException($"{topology}: {string.Join(' ', problems)}");
        }

        BuiltObject program = await builder.BuildAsync(Encoding.UTF8.GetBytes(bundle.Source), Cpus, cancel);
        await File.WriteAllBytesAsync(Path.Combine(folder, "lb.o"), program.Elf, cancel);
        string interfaceName = bundle.Manifest.Hosts.Select(x => x.Interface).First();
        await LabFiles.Write(bundle.ToSitePlan(), interfaceName, Path.Combine(folder, "lab"), cancel);
    }
}
