using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Weir.Action.Tests.Server;

/// <summary>Stands in for the API of GitHub: the comments of pull request 7 of example/edge, by
/// https://docs.github.com/rest/issues/comments, with pages and faults.</summary>
internal sealed class ApiServer : IDisposable
{
    public const string Bot = "github-actions[bot]";
    private readonly HttpListener _listener;
    private readonly Task _loop;

    public ApiServer()
    {
        (_listener, Address) = Listen();
        _loop = Task.Run(ServeAsync);
    }

    public string Address { get; }

    public List<Comment> Comments { get; } = [];

    public ConcurrentQueue<Exchange> Exchanges { get; } = [];

    /// <summary>What is answered to the next requests of a method, before any is served properly.</summary>
    public Dictionary<string, Queue<Answer>> Faults { get; } = new(StringComparer.Ordinal);

    public void Fail(string method, params IEnumerable<Answer> answers) => Faults[method] = new(answers);

    /// <summary>The methods of all requests in their order.</summary>
    public string Methods => string.Join(' ', Exchanges.Select(exchange => exchange.Method));

    public void Dispose()
    {
        _listener.Close();
        _loop.Wait();
    }

    /// <summary>The listener cannot ask for any free port, and a port found free may be another's a moment later.</summary>
    private static (HttpListener Listener, string Address) Listen()
    {
        for (int attempt = 1; ; attempt++)
        {
            using Socket free = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            string address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)free.LocalEndPoint!).Port}");
            free.Dispose();
            HttpListener listener = new();
            listener.Prefixes.Add(address + "/");
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException) when (attempt < 5)
            {
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using StreamReader reader = new(context.Request.InputStream, Encoding.UTF8);
            Exchange exchange = new(
                context.Request.HttpMethod,
                context.Request.RawUrl!,
                context.Request.Headers["Authorization"] ?? "",
                await reader.ReadToEndAsync());
            Exchanges.Enqueue(exchange);
            (int status, string body) = Serve(exchange, context.Response.Headers);
            context.Response.StatusCode = status;
            byte[] bytes = Encoding.UTF8.GetBytes(body);
            context.Response.ContentType = "application/json; charset=utf-8";
            await context.Response.OutputStream.WriteAsync(bytes);
            context.Response.Close();
        }
    }

    private (int Status, string Body) Serve(Exchange exchange, WebHeaderCollection headers)
    {
        if (Faults.TryGetValue(exchange.Method, out Queue<Answer>? faults) && faults.TryDequeue(out Answer? fault))
        {
            foreach ((string name, string value) in fault.Headers ?? [])
            {
                headers[name] = value;
            }

            if (fault.AlsoDoIt)
            {
                Do(exchange, headers);
            }

            return (fault.Status, """{ "message": "::error::Something is % wrong" }""");
        }

        return Do(exchange, headers);
    }

    private (int Status, string Body) Do(Exchange exchange, WebHeaderCollection headers)
    {
        string[] parts = exchange.Path.Split('?', '&');
        if (exchange.Method == "GET" && parts[0] == "/repos/example/edge/issues/7/comments")
        {
            int size = Number("per_page", 30), page = Number("page", 1);
            if (page * size < Comments.Count)
            {
                headers["Link"] = $"<{Address}{parts[0]}?per_page={size}&page={page + 1}>; rel=\"next\", <{Address}{parts[0]}?per_page={size}&page=9>; rel=\"last\"";
            }

            return (200, new JsonArray([.. Comments.Skip((page - 1) * size).Take(size).Select(Render)]).ToJsonString());
        }

        string? body = exchange.Body.Length == 0 ? null : (string?)JsonNode.Parse(exchange.Body)!["body"];
        if (body is null || body.Length > 65_536)
        {
            return (422, """{ "message": "Validation Failed: body is too long (maximum is 65536 characters)" }""");
        }

        if (exchange.Method == "POST" && exchange.Path == "/repos/example/edge/issues/7/comments")
        {
            Comments.Add(new Comment(Comments.Count + 1000, Bot, body));
            return (201, Render(Comments[^1]).ToJsonString());
        }

        int at = exchange.Method == "PATCH" && exchange.Path.StartsWith("/repos/example/edge/issues/comments/", StringComparison.Ordinal)
            ? Comments.FindIndex(comment => exchange.Path.EndsWith(string.Create(CultureInfo.InvariantCulture, $"/{comment.Id}"), StringComparison.Ordinal))
            : -1;
        if (at < 0)
        {
            return (404, """{ "message": "Not Found" }""");
        }

        Comments[at] = Comments[at] with { Body = body };
        return (200, Render(Comments[at]).ToJsonString());

        int Number(string name, int otherwise) =>
            Array.Find(parts, part => part.StartsWith(name + "=", StringComparison.Ordinal)) is { } found
                ? int.Parse(found.AsSpan(name.Length + 1), CultureInfo.InvariantCulture)
                : otherwise;
    }

    private static JsonObject Render(Comment comment) => new()
    {
        ["id"] = comment.Id,
        ["html_url"] = string.Create(CultureInfo.InvariantCulture, $"https://github.com/example/edge/pull/7#issuecomment-{comment.Id}"),
        ["user"] = new JsonObject { ["login"] = comment.Author },
        ["body"] = comment.Body,
    };
}
