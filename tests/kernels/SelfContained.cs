using System.Text.RegularExpressions;

namespace Weir.Kernels.Tests;

/// <summary>The applier with the whole runtime beside it, for guests that have none.</summary>
internal static partial class SelfContained
{
    /// <summary>Where guests have it.</summary>
    private const string Home = "/weir";

    /// <summary>Loaded by name at run time, so that no list of linked libraries shows them: ours, and what .NET hashes with.</summary>
    private static readonly string[] LoadedByName = ["libbpf.so.1", "libssl.so.3", "libcrypto.so.3"];

    /// <summary>Publishes the applier and puts it, with the host's libraries it needs, into a guest's file system.</summary>
    public static async Task Install(Initramfs image, CancellationToken cancel)
    {
        string artifacts = Path.Combine(Testing.RepositoryRoot.Path, "artifacts", "self-contained");
        string published = Path.Combine(artifacts, "weir-applier");
        await Command.Run(
            "dotnet",
            ["publish", "applier/Cli", "-c", "Release", "-r", "linux-x64", "--self-contained", "-v", "quiet", "--disable-build-servers",
             $"-p:ArtifactsRoot={artifacts}/", "-p:NoShip=true", "-p:DebugType=none", "-o", published],
            cancel);
        Initramfs.CopyFolder(published, image.Folder + Home);

        // What the tracing provider is linked against is rarely installed, and never needed.
        foreach (string library in Directory.EnumerateFiles(published).Where(x => x.EndsWith(".so", StringComparison.Ordinal) && !x.Contains("trace", StringComparison.Ordinal)))
        {
            await image.AddLibraries(library, cancel);
        }

        await image.AddLibraries(Path.Combine(published, "weir-applier"), cancel);
        ILookup<string, string> known = CacheLine().Matches(await Command.Run("/sbin/ldconfig", ["-p"], cancel))
            .ToLookup(x => x.Groups["name"].Value, x => x.Groups["path"].Value);
        foreach (string name in LoadedByName)
        {
            string path = known[name].FirstOrDefault() ?? throw new InvalidOperationException($"This host has no {name}: run tests/install.sh.");
            image.AddFile(path);
            await image.AddLibraries(path, cancel);
        }
    }

    /// <summary>Lines of the loader's cache: <c>libbpf.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libbpf.so.1</c>.</summary>
    [GeneratedRegex(@"^\s*(?<name>\S+) \(libc6,x86-64[^)]*\) => (?<path>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex CacheLine();
}
