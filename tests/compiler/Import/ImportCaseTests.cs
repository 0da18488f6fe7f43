using System.Globalization;
using Weir.Cli;
using Weir.Compiler.Import;
using Weir.Compiler.Sources;
using Weir.Compiler.Tests.Cli;
using Weir.Compiler.Topologies;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Import;

/// <summary>What other load balancers print, and beside it the topology and the report that come of it. A case's name begins with its format.</summary>
public sealed class ImportCaseTests
{
    private const string Folder = "tests/compiler/Import/cases";

    private static readonly ImportSite Site = new("ams1", "lb1", "eth0", ["10.10.0.1", "2001:db8:10::1"], ["10.10.0.254", "2001:db8:10::fe"]);

    private static readonly string[] SiteOptions =
        ["--site", "ams1", "--source", "10.10.0.1", "--source", "2001:db8:10::1", "--gateway", "10.10.0.254", "--gateway", "2001:db8:10::fe"];

    public static TheoryData<string> Cases => new(Names());

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_is_imported_is_as_expected(string name)
    {
        BaselineCase baseline = new($"{Folder}/{name}", "input.txt");
        string input = Path.Combine(baseline.Directory, "input.txt");
        CommandRun run = await CommandRun.OfAsync(["import", name.Split('-')[0], input, .. SiteOptions]);
        Assert.Equal(name.EndsWith("hostile", StringComparison.Ordinal) ? ExitCode.Failed : ExitCode.Done, run.ExitCode);
        Assert.Equal(run.ExitCode == ExitCode.Done, run.Out.Length > 0);
        baseline.Output("report.txt", run.Error.Replace(input, "input.txt", StringComparison.Ordinal));
        if (run.Out.Length > 0)
        {
            baseline.Output("topology.yaml", run.Out);
        }

        baseline.Verify();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_topology_serves_exactly_what_was_imported(string name)
    {
        string text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, Folder, name, "input.txt"));
        Imported imported = Importer.Read(name.Split('-')[0], text, Site);
        if (imported.Failed)
        {
            Assert.EndsWith("hostile", name, StringComparison.Ordinal);
            return;
        }

        string yaml = TopologyWriter.Write(imported, Site, "input.txt");
        CheckResult result = TopologyCompiler.Check(SourceSet.Of([new SourceFile("topology.yaml", yaml)]), TestContext.Current.CancellationToken);
        Assert.True(result.Topology is not null, string.Join('\n', result.Diagnostics));
        IEnumerable<string> expected = imported.Services.SelectMany(s => s.Backends.Select(b => Row(s.Address, s.Ports, b.Address, b.Weight, b.Drain)));
        IEnumerable<string> actual =
            from vip in result.Topology.Vips
            from address in vip.Addresses
            from ports in vip.Ports
            from backend in result.Topology.Pools.Single(p => p.Name == vip.Pool).Backends
            select Row(address, ports, backend.Address, backend.Weight, backend.State == BackendState.Drain);
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_not_known_is_a_placeholder_that_validate_refuses()
    {
        ImportSite site = Site with { Sources = [], Gateways = [] };
        Imported imported = Importer.Read("katran", "VIP: 203.0.113.10 Port: 80 Protocol: tcp\n ->10.1.0.11 weight: 1\n", site);
        Assert.Equal(2, imported.Notes.Length);
        string yaml = TopologyWriter.Write(imported, site, "input.txt");
        CheckResult result = TopologyCompiler.Check(SourceSet.Of([new SourceFile("topology.yaml", yaml)]), TestContext.Current.CancellationToken);
        Assert.Null(result.Topology);
        Assert.Equal(2, result.Diagnostics.Count(d => d.Message.Contains(TopologyWriter.Placeholder, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_existing_topology_is_left_alone()
    {
        string root = Directory.CreateTempSubdirectory("weir-import-").FullName;
        try
        {
            string input = Path.Combine(RepositoryRoot.Path, Folder, "katran-listing", "input.txt");
            string[] arguments = ["import", "katran", input, "-o", Path.Combine(root, "new"), .. SiteOptions];
            Assert.Equal(ExitCode.Done, (await CommandRun.OfAsync(arguments)).ExitCode);
            string written = Path.Combine(root, "new", "topology.yaml");
            await File.AppendAllTextAsync(written, "# mine\n", TestContext.Current.CancellationToken);
            CommandRun second = await CommandRun.OfAsync(arguments);
            Assert.Equal((ExitCode.Failed, ""), (second.ExitCode, second.Out));
            Assert.EndsWith("# mine\n", await File.ReadAllTextAsync(written, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static IEnumerable<string> Names() =>
        Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Path, Folder)).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    private static string Row(System.Net.IPAddress vip, PortRange ports, System.Net.IPAddress backend, int weight, bool drain) =>
        string.Create(CultureInfo.InvariantCulture, $"{vip} {PortText.Format(ports)} {backend} {weight} {drain}");
}
