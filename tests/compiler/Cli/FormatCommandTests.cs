using System.Text;
using System.Text.Json;
using Weir.Cli;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Cli;

public sealed class FormatCommandTests : IDisposable
{
    private const string Untidy = "pools:\n    web: {backends: [{address: 10.0.0.1, name: a}]}\n";
    private const string Tidy = "pools:\n  web: { backends: [{ name: a, address: 10.0.0.1 }] }\n";

    private readonly string _root = Directory.CreateTempSubdirectory("weir-fmt-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Only_files_that_change_are_written_and_named()
    {
        string untidy = Write("b/untidy.yaml", Untidy);
        string tidy = Write("tidy.yaml", Tidy);
        File.SetUnixFileMode(untidy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        DateTime before = File.GetLastWriteTimeUtc(tidy);
        Assert.Equal(new CommandRun(ExitCode.Done, untidy + "\n", ""), await CommandRun.OfAsync("fmt", _root));
        Assert.Equal(Tidy, await File.ReadAllTextAsync(untidy, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(untidy));
        Assert.Equal(before, File.GetLastWriteTimeUtc(tidy));
        Assert.Equal(["untidy.yaml"], Directory.EnumerateFileSystemEntries(Path.Combine(_root, "b")).Select(Path.GetFileName));
        Assert.Equal(new CommandRun(ExitCode.Done, "", ""), await CommandRun.OfAsync("fmt", _root));
    }

    [Fact]
    public async Task Check_writes_nothing_and_fails()
    {
        string untidy = Write("untidy.yaml", Untidy);
        Write("tidy.yaml", Tidy);
        CommandRun run = await CommandRun.OfAsync("fmt", "--check", _root);
        Assert.Equal(new CommandRun(ExitCode.Failed, untidy + "\n", "1 of 2 files not in canonical form; weir fmt writes them so\n"), run);
        Assert.Equal(Untidy, await File.ReadAllTextAsync(untidy, TestContext.Current.CancellationToken));
        CommandRun json = await CommandRun.OfAsync("fmt", "--check", "--format", "json", _root);
        using JsonDocument document = JsonDocument.Parse(json.Out);
        Assert.Equal([untidy], document.RootElement.GetProperty("changed").EnumerateArray().Select(e => e.GetString()));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_reported_and_left()
    {
        string broken = Write("broken.yaml", "pools: [\n");
        string untidy = Write("untidy.yaml", Untidy);
        CommandRun run = await CommandRun.OfAsync("fmt", _root);
        Assert.Equal((ExitCode.Failed, untidy + "\n"), (run.ExitCode, run.Out));
        Assert.Contains($"error[WEIR1009]", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{broken}:1:8", run.Error, StringComparison.Ordinal);
        Assert.Equal("pools: [\n", await File.ReadAllTextAsync(broken, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_examples_are_in_canonical_form()
    {
        string[] topologies = [.. Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Path, "examples")).Select(d => Path.Combine(d, "topology"))];
        Assert.Equal(new CommandRun(ExitCode.Done, "", ""), await CommandRun.OfAsync(["fmt", "--check", .. topologies]));
    }

    [Fact]
    public async Task A_dash_filters_standard_input()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Terminal terminal = new(output, error, false, false) { In = new MemoryStream(Encoding.UTF8.GetBytes(Untidy)) };
        Assert.Equal(ExitCode.Done, await WeirCommand.RunAsync(["fmt", "-"], terminal, TestContext.Current.CancellationToken));
        Assert.Equal((Tidy, ""), (output.ToString(), error.ToString()));
    }

    [Fact]
    public async Task A_link_that_is_named_is_followed()
    {
        string target = Write("target.yaml", Untidy);
        string link = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, "elsewhere")).FullName, "link.yaml");
        File.CreateSymbolicLink(link, target);
        Assert.Equal(new CommandRun(ExitCode.Done, link + "\n", ""), await CommandRun.OfAsync("fmt", link));
        Assert.Equal(target, File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName);
        Assert.Equal(Tidy, await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
