using System.Buffers.Binary;
using System.Collections.Immutable;
using Weir.Applier.Generations;
using Weir.Compiler;
using Weir.Compiler.Emit;
using Weir.Compiler.Sources;
using Xunit;

namespace Weir.Applier.Tests.Generations;

public sealed class ServerIdRelabellingTests
{
    private const string Yaml = """
        sites:
          here:
            hosts: { lb1: { interface: eth0 } }
            encapsulation: { type: ipip, source: 10.10.0.1 }
            nextHop: { mac: "02:00:00:00:00:99" }
        pools:
          web:
            quic: { scheme: quic-lb, configs: [{ id: 0, serverIdLength: 2, nonceLength: 6 }] }
            backends:
              - { name: web-1, address: 10.1.0.11, serverId: "0001" }
              - { name: web-2, address: 10.1.0.12, serverId: "0002" }
              - { name: web-3, address: 10.1.0.13, serverId: "0003" }
        vips:
          www: { address: 203.0.113.10, ports: [quic/443], pool: web, sites: [here] }
        """;

    /// <summary>The host's ids are others than the bundle's dense numbers.</summary>
    [Fact]
    public void Every_row_gets_the_hosts_id_of_its_backend()
    {
        VerifiedBundle bundle = Bundle();
        ManifestPool pool = bundle.Manifest.Pools[0];
        PoolIds known = new("web", pool.Backends.Select((b, i) => KeyValuePair.Create(b.Identity, 20 - i)).ToImmutableSortedDictionary(StringComparer.Ordinal));
        ImmutableArray<PoolIds> ids = IdAssignment.ForNewInstance(bundle.Manifest.Pools, [known]);
        byte[] dense = bundle.Images[".data.server"].ToArray();
        byte[] own = Relabelling.Relabel(bundle.Manifest, bundle.Images, ids)[".data.server"];
        ManifestMember rows = bundle.Manifest.Layout.Single(l => l.Name == "weir_servers").Members.Single(m => m.Name == "rows");
        HashSet<int> seen = [];
        for (int at = rows.Offset; at < dense.Length; at += 24)
        {
            int backend = BinaryPrimitives.ReadInt32LittleEndian(dense.AsSpan(at + 20));
            Assert.Equal(20 - backend, BinaryPrimitives.ReadInt32LittleEndian(own.AsSpan(at + 20)));
            Assert.Equal(dense.AsSpan(at, 20), own.AsSpan(at, 20));
            Assert.Equal(Convert.ToInt32(pool.Backends[backend].ServerId, 16), BinaryPrimitives.ReadInt32LittleEndian(dense.AsSpan(at)));
            seen.Add(backend);
        }

        Assert.Equal([0, 1, 2], seen.Order());
        Assert.Equal(dense.AsSpan(0, rows.Offset), own.AsSpan(0, rows.Offset));
    }

    [Fact]
    public void A_row_that_names_a_backend_which_there_is_not_is_refused()
    {
        VerifiedBundle bundle = Bundle();
        Dictionary<string, ReadOnlyMemory<byte>> images = bundle.Images.ToDictionary(i => i.Key, i => i.Value, StringComparer.Ordinal);
        byte[] broken = images[".data.server"].ToArray();
        broken[^4] = 3;
        images[".data.server"] = broken;
        Assert.Throws<ApplierException>(() => Relabelling.Relabel(bundle.Manifest, images, IdAssignment.ForNewInstance(bundle.Manifest.Pools, [])));
    }

    private static VerifiedBundle Bundle()
    {
        CheckResult result = TopologyCompiler.Check(SourceSet.Of([new SourceFile("topology.yaml", Yaml)]), TestContext.Current.CancellationToken);
        return BundleReader.Read(SiteCompilation.Compile(result.Topology!, "here", null).Bundle!).Bundle!;
    }
}
