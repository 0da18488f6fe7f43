using NJsonSchema;
using Weir.Cli;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Cli;

public sealed class ExplainFlowTests : IDisposable
{
    private static readonly string Example = Path.Combine(RepositoryRoot.Path, "examples/dual-stack-edge/topology");

    private readonly string _root = Directory.CreateTempSubdirectory("weir-explain-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("forwarded", "tcp 192.0.2.7:5555 -> 198.51.100.10:443")]
    [InlineData("four-in-six", "tcp 192.0.2.7:5560 -> 198.51.100.10:443")]
    [InlineData("six-in-six", "udp [2001:db8:c::7]:5555 -> [2001:db8:100:7::1]:53")]
    [InlineData("too-big", "tcp 192.0.2.7:5555 -> 198.51.100.10:443 length 1501")]
    [InlineData("too-big-no-df", "tcp 192.0.2.7:5555 -> 198.51.100.10:443 length 1501 no-df")]
    [InlineData("not-served", "tcp 192.0.2.7:5555 -> 198.51.100.77:443")]
    [InlineData("foreign", "udp 192.0.2.7:5555 -> 192.0.2.8:53")]
    [InlineData("echo", "icmp 2001:db8:c::7 -> 2001:db8:100::10")]
    public Task A_packet_is_explained(string name, string flow) => Explain(name, flow, "examples/dual-stack-edge/topology", "ams1");

    [Theory]
    [InlineData("pool-at-site", "tcp 192.0.2.7:5555 -> 203.0.113.11:443", "fra1")]
    [InlineData("preference", "tcp 192.0.2.7:5555 -> 203.0.113.10:8080", "ams1")]
    [InlineData("source-at-site", "udp 192.0.2.7:9 -> 203.0.113.10:65535", "fra1")]
    [InlineData("range", "tcp [2001:db8::1]:5555 -> [2001:db8:1::abcd]:8080", "ams1")]
    [InlineData("client-allowed", "tcp 10.1.0.1:5555 -> 203.0.113.12:9000", "ams1")]
    [InlineData("client-denied", "tcp 10.66.0.1:5555 -> 203.0.113.12:9000", "ams1")]
    [InlineData("client-left-out", "tcp 192.0.2.7:5555 -> 203.0.113.12:9000", "fra1")]
    [InlineData("client-routed", "tcp [2001:db8:5:1::7]:5555 -> [2001:db8:2::12]:9000", "ams1")]
    [InlineData("range-v4", "tcp 192.0.2.7:5555 -> 198.51.100.5:80", "ams1")]
    public Task Who_said_so_is_named(string name, string flow, string site) => Explain(name, flow, "tests/compiler/Snapshots/whole-language/topology", site);

    private static async Task Explain(string name, string flow, string directory, string site)
    {
        string topology = Path.Combine(RepositoryRoot.Path, directory);
        CommandRun text = await CommandRun.OfAsync("explain", flow, topology, "--site", site);
        CommandRun json = await CommandRun.OfAsync("explain", flow, "-C", topology, "--site", site, "--format", "json");
        Assert.Equal((ExitCode.Done, ""), (text.ExitCode, text.Error));
        JsonSchema schema = await JsonSchema.FromFileAsync(Path.Combine(RepositoryRoot.Path, "schemas/explain.schema.json"), TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(json.Out));
        new BaselineCase($"tests/compiler/Cli/explain/{name}")
            .Output("explanation.txt", text.Out.Replace(topology, "topology", StringComparison.Ordinal))
            .Output("explanation.json", json.Out)
            .Verify();
    }

    [Fact]
    public async Task Another_revision_says_what_changes_for_the_flow()
    {
        Write("weight: 100", "mtu: 1500");
        string first = Commit();
        string second = CommitOf("weight: 100, state: drain", "mtu: 1500");
        string third = CommitOf("weight: 100, state: drain", "mtu: 1400");
        List<string> said = [];
        HashSet<string> kinds = [];
        JsonSchema schema = await JsonSchema.FromFileAsync(Path.Combine(RepositoryRoot.Path, "schemas/explain.schema.json"), TestContext.Current.CancellationToken);
        for (int port = 1; port < 8; port++)
        {
            foreach ((string flow, string rev, string against) in new[]
            {
                ($"tcp 198.51.100.7:{port} -> 203.0.113.10:443", second, first),
                ($"tcp 198.51.100.7:{port} -> 203.0.113.10:443 length 1450", third, second),
                ($"tcp 198.51.100.7:{port} -> 203.0.113.10:80", third, second),
                ($"tcp 198.51.100.7:{port} -> 203.0.113.10:443 length 1450", second, third),
            })
            {
                CommandRun run = await CommandRun.OfAsync("explain", flow, _root, "--site", "ams1", "--rev", rev, "--against", against);
                Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
                CommandRun json = await CommandRun.OfAsync("explain", flow, _root, "--site", "ams1", "--rev", rev, "--against", against, "--format", "json");
                Assert.Empty(schema.Validate(json.Out));
                string answer = run.Out[run.Out.IndexOf("against ", StringComparison.Ordinal)..].Replace(against, "COMMIT", StringComparison.Ordinal);
                if (kinds.Add(answer))
                {
                    said.Add($"{flow}\n{answer}\n");
                }
            }
        }

        new BaselineCase("tests/compiler/Cli/explain/against").Output("changes.txt", string.Concat(said)).Verify();
    }

    [Fact]
    public async Task What_cannot_be_answered_is_refused()
    {
        CommandRun flow = await CommandRun.OfAsync("explain", "tcp 1.2.3.4 -> 1.2.3.5:1", Example, "--site", "ams1");
        Assert.Equal((ExitCode.Usage, ""), (flow.ExitCode, flow.Out));
        Assert.Contains("             ^ a port is missing", flow.Error, StringComparison.Ordinal);
        CommandRun site = await CommandRun.OfAsync("explain", "tcp 1.2.3.4:1 -> 1.2.3.5:1", Example, "--site", "asm1");
        Assert.Equal((ExitCode.Failed, ""), (site.ExitCode, site.Out));
        Assert.Contains("did you mean `ams1`?", site.Error, StringComparison.Ordinal);
        CommandRun none = await CommandRun.OfAsync("explain", "tcp 1.2.3.4:1 -> 1.2.3.5:1", Example);
        Assert.Equal((ExitCode.Usage, ""), (none.ExitCode, none.Out));
        Write("weight: 100", "mtu: 1500");
        CommandRun revision = await CommandRun.OfAsync("explain", "tcp 1.2.3.4:1 -> 1.2.3.5:1", _root, "--site", "ams1", "--against", "nowhere");
        Assert.Equal((ExitCode.Failed, ""), (revision.ExitCode, revision.Out));
    }

    private string CommitOf(string backend, string site)
    {
        Write(backend, site);
        return Commit();
    }

    private string Commit()
    {
        if (!LibGit2Sharp.Repository.IsValid(_root))
        {
            LibGit2Sharp.Repository.Init(_root);
        }

        using LibGit2Sharp.Repository repository = new(_root);
        LibGit2Sharp.Commands.Stage(repository, "*");
        LibGit2Sharp.Signature who = new("A", "a@example.org", DateTimeOffset.UnixEpoch);
        return repository.Commit("Change", who, who, new LibGit2Sharp.CommitOptions()).Sha;
    }

    private void Write(string backend, string site) => File.WriteAllText(Path.Combine(_root, "topology.yaml"), $$"""
        sites:
          ams1:
            hosts: { lb1: { interface: eth0 } }
            encapsulation: { type: ipip, source: 10.10.0.1 }
            nextHop: { gateway: 10.10.0.254 }
            {{site}}
        pools:
          web:
            backends:
              - { name: web-1, address: 10.1.0.11 }
              - { name: web-2, address: 10.1.0.12, {{backend}} }
              - { name: web-3, address: 10.1.0.13 }
        vips:
          www: { address: 203.0.113.10, ports: [tcp/443], pool: web, sites: [ams1] }

        """);
}
