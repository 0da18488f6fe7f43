using System.Text.RegularExpressions;

namespace Weir.Kernels.Tests;

/// <summary>Gets kernels from Debian's package mirror and keeps them unpacked below <c>artifacts/kernels</c>.</summary>
internal static partial class KernelPackages
{
    private static readonly string Cache = Path.Combine(Testing.RepositoryRoot.Path, "artifacts", "kernels");

    /// <summary>The newest kernel of a series such as <c>6.12</c> that is unpacked already, else the newest the mirror offers.</summary>
    public static async Task<Kernel> Get(string series, CancellationToken cancel)
    {
        Directory.CreateDirectory(Cache);
        string? package = Newest(series, Directory.EnumerateDirectories(Cache).Select(x => Path.GetFileName(x)!))
            ?? await Download(series, cancel);
        string root = Path.Combine(Cache, package);
        string release = Path.GetFileName(Directory.EnumerateDirectories(Path.Combine(root, "lib", "modules")).Single());
        return new(release, Path.Combine(root, "boot", $"vmlinuz-{release}"), root);
    }

    private static async Task<string> Download(string series, CancellationToken cancel)
    {
        string package = await Offered(series, cancel) ?? await OfferedAfterUpdate(series, cancel)
            ?? throw new InvalidOperationException($"No linux-image-{series}*-cloud-amd64 among the package sources: Debian 12's main and security sources have it.");
        string scratch = Path.Combine(Cache, $".{package}.{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(scratch);
            await Command.Run("apt-get", ["-o", "Acquire::Retries=3", "-o", "APT::Sandbox::User=root", "download", package], cancel, scratch);
            string archive = Directory.EnumerateFiles(scratch, "*.deb").Single();
            string unpacked = Path.Combine(scratch, "root");
            await Command.Run("dpkg", ["-x", archive, unpacked], cancel);
            string release = Path.GetFileName(Directory.EnumerateDirectories(Path.Combine(unpacked, "lib", "modules")).Single());
            await Command.Run("depmod", ["-b", unpacked, release], cancel);
            // Renamed when complete, so that an interrupted run leaves nothing that looks finished.
            Directory.Move(unpacked, Path.Combine(Cache, package));
            return package;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<string?> OfferedAfterUpdate(string series, CancellationToken cancel)
    {
        await Command.Run("apt-get", ["-q", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120", "update"], cancel);
        return await Offered(series, cancel);
    }

    private static async Task<string?> Offered(string series, CancellationToken cancel) =>
        Newest(series, (await Command.Run("apt-cache", ["pkgnames", $"linux-image-{series}"], cancel)).Split('\n'));

    private static string? Newest(string series, IEnumerable<string> packages) =>
        packages.Where(x => Shape().Match(x) is { Success: true } match && match.Groups["series"].Value == series)
            .MaxBy(Numbers, Comparer<int[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));

    private static int[] Numbers(string package) =>
        [.. Digits().Matches(package).Select(x => int.Parse(x.Value, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Signed images with a version: <c>linux-image-6.1.0-56-cloud-amd64</c>, <c>linux-image-6.12.117+deb12-cloud-amd64</c>.</summary>
    [GeneratedRegex(@"^linux-image-(?<series>\d+\.\d+)\.\d+(\+deb\d+)?(-\d+)?-cloud-amd64$", RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
