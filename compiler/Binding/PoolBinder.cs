using Weir.Compiler.Rings;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>Reads pools and their backends.</summary>
internal sealed class PoolBinder(ValueReader values, BoundDefaults defaults)
{
    private const int DefaultWeight = 100;

    public BoundPool Bind(ScalarNode name, MappingNode pool)
    {
        SequenceNode? backends = pool.Value("backends") as SequenceNode;
        return new BoundPool(name.Text, name.Span)
        {
            Capacity = pool.Integer("capacity") ?? defaults.Capacity.TakenBy(name.Span),
            BackendsKey = backends is null ? null : pool.KeySpan("backends"),
            Backends = backends is null ? [] : [.. backends.Items().Select(BindBackend)],
            Algorithm = RingAlgorithms.Parse(pool.Text("ring")?.Value) ?? RingAlgorithm.Maglev,
            Prefer = pool.Mentions("prefer") ? pool.ReadPreference() : defaults.Prefer.TakenBy(name.Span),
            PreferIsOwn = pool.Mentions("prefer"),
            Encapsulation = values.ReadEncapsulation(pool),
            Sites = [.. pool.Mapping("sites").MappingEntries().Select(e => new BoundPoolAtSite(
                Located.At(e.Key, e.Key.Text), e.Value.ReadPreference(), values.ReadEncapsulation(e.Value)))],
            Policy = pool.ReadPolicy(),
            Quic = pool.ReadQuic(),
            TcpOption = pool.ReadTcpOption(),
            Protected = pool.IsTrue("protected"),
        };
    }

    private BoundBackend BindBackend(SyntaxNode node)
    {
        MappingNode? backend = node as MappingNode;
        Located<string>? name = backend.Text("name");
        return new BoundBackend(name?.Span ?? node.Span)
        {
            Name = name,
            Address = values.Read(backend.Scalar("address"), AddressReader.Read),
            Weight = (backend.Integer("weight") ?? defaults.Weight.TakenBy(name?.Span ?? node.Span)).Or(DefaultWeight),
            State = backend.Text("state")?.Value switch
            {
                "drain" => BackendState.Drain,
                "down" => BackendState.Down,
                _ => BackendState.Active,
            },
            Site = backend.Text("site"),
            Labels = backend.ReadLabels(),
            ServerId = values.Read(backend.Scalar("serverId"), ServerIdReader.Read),
            MentionsServerId = backend.Mentions("serverId"),
            Port = backend.Integer("port"),
            Mac = values.Read(backend.Scalar("mac"), MacReader.Read),
            Encapsulation = values.ReadEncapsulation(backend),
        };
    }
}
