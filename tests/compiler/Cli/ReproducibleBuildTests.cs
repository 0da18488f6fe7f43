using System.Diagnostics;
using System.Runtime.InteropServices;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Cli;

/// <summary>Two processes of the real executable, with nothing in common but the topology's text, leave the same bytes.</summary>
public sealed class ReproducibleBuildTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weir-reproducible-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("ams1")]
    [InlineData("fra1")]
    public async Task Bundles_are_equal_byte_for_byte(string site)
    {
        string example = Path.Combine(RepositoryRoot.Path, "examples/dual-stack-edge/topology");
        string first = Copy(example, "one/topology", reverse: false);
        string second = Copy(example, "two/deeper/other-name", reverse: true);
        await BuildAsync(Path.GetDirectoryName(first)!, ["build", "topology", "--site", site, "-o", "bundle"], ("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8"));
        await BuildAsync("/", ["build", second, "--site", site, "-o", Path.Combine(_root, "two/bundle")], ("TZ", "America/St_Johns"), ("LC_ALL", "C"));
        Assert.Equal(Read("one/bundle"), Read("two/bundle"));
    }

    /// <summary>Files are created in opposite orders, so that the directory lists them differently.</summary>
    private string Copy(string from, string to, bool reverse)
    {
        IEnumerable<string> files = Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        foreach (string file in reverse ? files.Reverse() : files)
        {
            string target = Path.Combine(_root, to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return Path.Combine(_root, to);
    }

    private static async Task BuildAsync(string directory, string[] arguments, params (string Name, string Value)[] environment)
    {
        string weir = typeof(Weir.Cli.WeirCommand).Assembly.Location;
        string dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet");
        ProcessStartInfo start = new(dotnet, ["exec", weir, .. arguments]) { WorkingDirectory = directory, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, error + await output);
    }

    private SortedDictionary<string, string> Read(string folder)
    {
        string full = Path.Combine(_root, folder);
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories))
        {
            files.Add(Path.GetRelativePath(full, file), Convert.ToHexString(File.ReadAllBytes(file)));
        }

        Assert.NotEmpty(files);
        return files;
    }
}
