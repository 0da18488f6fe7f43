using System.Collections.Immutable;
using System.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Emit;

/// <summary>The same topology makes the same bytes: in another process, time zone, locale and working directory, from files of other names,
/// cut and ordered otherwise.</summary>
public sealed class DeterminismTests : IDisposable
{
    private const string Sites = """
        seed: determinism
        sites:
          ams1:
            mtu: 1400
            nextHop: { gateway: [10.10.0.254, fd00::fe] }
            hosts: { lb2: { interface: eth1 }, lb1: { interface: eth0 } }
            encapsulation: { type: ipip, source: [10.10.0.0/24, fd00:10::1] }

        """;

    private const string Pools = """
          web:
            backends:
              - { name: web-1, address: 10.1.0.11, weight: 100 }
              - { name: web-2, address: 10.1.0.12, weight: 50, state: drain }
              - { name: web-3, address: 10.1.0.13, weight: 7 }
          dns:
            capacity: 256
            backends: [{ name: dns-1, address: 10.2.0.1 }, { address: "fd00:2::1", name: dns-2 }]

        """;

    private const string PoolsOtherwise = """
          dns:
            backends: [{ address: "fd00:2::1", name: dns-2 }, { name: dns-1, address: 10.2.0.1 }]
            capacity: 256
          web:
            backends:
              - { weight: 7, name: web-3, address: 10.1.0.13 }
              - { name: web-2, weight: 50, state: drain, address: 10.1.0.12 }
              - { name: web-1, address: 10.1.0.11, weight: 100 }

        """;

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("weir-determinism-");

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public async Task Two_processes_make_the_same_bytes(int vips)
    {
        Write("one/topology.yaml", Sites + "pools:\n" + Pools + "vips:\n" + string.Concat(Enumerable.Range(0, vips).Select(Vip)));
        Write("two/z/a.yaml", Sites);
        Write("two/b.yaml", "vips:\n" + string.Concat(Enumerable.Range(0, vips).Reverse().Select(Vip)));
        Write("two/y.yaml", "# pools\npools:\n" + PoolsOtherwise);

        Bundle first = await Build("one", "/", "Etc/UTC", "C");
        Bundle again = await Build("one", Path.Combine(root.FullName, "one"), "Pacific/Kiritimati", "tr_TR.UTF-8");
        Bundle cut = await Build("two", root.FullName, "America/St_Johns", "de_DE.UTF-8");

        AssertEqual(first, again, provenance: true);
        AssertEqual(first, cut, provenance: false);
        Assert.Equal(first.Digest, cut.Digest);
    }

    public void Dispose() => root.Delete(recursive: true);

    private static string Vip(int number) =>
        $"  vip-{number}: {{ address: [203.0.113.{number + 1}, \"2001:db8::{number + 1:x}\"], ports: [tcp/443, udp/53, tcp/8000-8099], pool: {(number % 2 == 0 ? "web" : "dns")}, sites: [ams1] }}\n";

    private static void AssertEqual(Bundle expected, Bundle actual, bool provenance)
    {
        Assert.Equal(expected.Files.Keys, actual.Files.Keys);
        foreach ((string path, ImmutableArray<byte> bytes) in expected.Files.Where(f => provenance || f.Key != Bundle.ProvenancePath))
        {
            Assert.True(bytes.AsSpan().SequenceEqual(actual.Files[path].AsSpan()), $"{path} differs.");
        }
    }

    private void Write(string path, string text)
    {
        string file = Path.Combine(root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private async Task<Bundle> Build(string topology, string workingDirectory, string timeZone, string locale)
    {
        string output = Path.Combine(root.FullName, $"bundle-{Guid.NewGuid():n}");
        string weir = Path.Combine(RepositoryRoot.Path, "artifacts/bin/weir");
        using Process process = Process.Start(new ProcessStartInfo(weir, ["build", Path.Combine(root.FullName, topology), "--site", "ams1", "-o", output])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TZ"] = timeZone, ["LANG"] = locale, ["LC_ALL"] = locale },
        }) ?? throw new InvalidOperationException($"{weir} does not start.");
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return BundleFolder.Read(output);
    }
}
