using System.Collections.Immutable;
using System.Text;
using Weir.Applier.Build;
using Weir.Compiler.Emit;
using Weir.Compiler.Planning;

namespace Weir.Kernels.Tests;

/// <summary>Builds examples as their users do, and beside each bundle puts the object file and the lab a guest needs for it:
/// <c>bundle/</c>, <c>changed/</c>, <c>lb.o</c>, <c>lab/</c>.</summary>
internal sealed class Bundles(ObjectBuilder builder, string scratch)
{
    /// <summary>Guests have two CPUs.</summary>
    private const int Cpus = 2;

    public async Task Add(Example example, string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        VerifiedBundle bundle = await Build(example.Directory, example.Site, Path.Combine(folder, "bundle"), cancel);
        BuiltObject program = await builder.BuildAsync(Encoding.UTF8.GetBytes(bundle.Source), Cpus, cancel);
        await File.WriteAllBytesAsync(Path.Combine(folder, "lb.o"), program.Elf, cancel);

        SitePlan? changed = null;
        if (example.Change is not null)
        {
            string topology = Path.Combine(scratch, example.Name);
            Initramfs.CopyFolder(Path.Combine(Testing.RepositoryRoot.Path, example.Directory), topology);
            await Command.Run("git", ["apply", Path.Combine(Testing.RepositoryRoot.Path, example.Change)], cancel, topology);
            changed = (await Build(topology, example.Site, Path.Combine(folder, "changed"), cancel)).ToSitePlan();
        }

        string interfaceName = bundle.Manifest.Hosts.Select(x => x.Interface).First();
        await LabFiles.Write(bundle.ToSitePlan(), changed, interfaceName, Path.Combine(folder, "lab"), cancel);
    }

    private static async Task<VerifiedBundle> Build(string topology, string site, string target, CancellationToken cancel)
    {
        string weir = Path.Combine(Testing.RepositoryRoot.Path, "artifacts/bin/weir");
        await Command.Run(weir, ["build", topology, "--site", site, "-o", target], cancel);
        (VerifiedBundle? bundle, ImmutableArray<string> problems) = BundleReader.Read(BundleFolder.Read(target));
        return bundle ?? throw new InvalidOperationException($"{topology}: {string.Join(' ', problems)}");
    }
}
