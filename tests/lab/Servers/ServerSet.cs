using System.Collections.Immutable;
using System.Net;
using Weir.Lab.Network;

namespace Weir.Lab.Servers;

/// <summary>The same servers on every backend.</summary>
public sealed class ServerSet : IDisposable
{
    private readonly ImmutableArray<IDisposable> _servers;

    private ServerSet(ImmutableArray<IDisposable> servers) => _servers = servers;

    public static ServerSet Start(LabNetwork lab, IEnumerable<IPEndPoint> http, IEnumerable<IPEndPoint> echo) => new(
    [
        .. from backend in lab.Backends from vip in http select HttpServer.Start(backend, vip),
        .. from backend in lab.Backends from vip in echo select EchoServer.Start(backend, vip),
    ]);

    public void Dispose()
    {
        foreach (var server in _servers)
        {
            server.Dispose();
        }
    }
}
