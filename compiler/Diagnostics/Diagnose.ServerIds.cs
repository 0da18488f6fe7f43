namespace Weir.Compiler.Diagnostics;

/// <summary>1245 to 1259: server ids, and what carries them.</summary>
public static partial class Diagnose
{
    public static Diagnostic MalformedServerId(SourceSpan span, string text) =>
        Error(1245, span, $"{Quote(text)} is not a server id") with { Help = "write 1 to 15 bytes in hex, as \"0a1b\"" };

    public static Diagnostic DuplicateServerId(SourceSpan span, string id, SourceSpan first) =>
        Error(1246, span, $"two backends of the pool have server id {Quote(id)}").With(first, "first used here") with
        {
            Help = "ids are numbers: leading zeros make no other id",
        };

    public static Diagnostic MissingServerId(SourceSpan span, string backend, string pool) =>
        Error(1247, span, $"backend {Quote(backend)} has no `serverId`, which every backend of pool {Quote(pool)} needs") with
        {
            Help = "give it the id that its connection ids or TCP options carry",
        };

    /// <param name="length">Bytes.</param>
    /// <param name="carrier">What holds no more: <c>config 1</c>.</param>
    public static Diagnostic LongServerId(SourceSpan span, string id, int length, string carrier, int longest) =>
        Error(1248, span, $"server id {Quote(id)} has {Count(length, "byte")}, and {PlainText.Of(carrier)} has room for {longest}") with
        {
            Help = "shorten it; where there is more room, zeros go in front",
        };

    public static Diagnostic LongConnectionId(SourceSpan span, int serverIdLength, int nonceLength, int longest) =>
        Error(1249, span, $"{Count(serverIdLength, "byte")} of server id and {nonceLength} of nonce do not fit into a connection id, which has room for {longest}") with
        {
            Help = "shorten the nonce or the server id",
        };

    public static Diagnostic DuplicateQuicConfig(SourceSpan span, int id, SourceSpan first) =>
        Error(1250, span, $"config {id} is listed twice").With(first, "first listed here") with { Help = "the id is what connection ids begin with, 0 to 6" };

    public static Diagnostic KatranConfigs(SourceSpan span, string pool) =>
        Error(1251, span, $"pool {Quote(pool)} has configs, which Katran's connection ids do not know") with
        {
            Help = "remove them: Katran's ids say their length themselves; or write `scheme: quic-lb`",
        };

    public static Diagnostic NoQuicConfigs(SourceSpan span, string pool) =>
        Error(1252, span, $"pool {Quote(pool)} has no configs for its connection ids") with
        {
            Help = "add `configs: [{ id: 0, serverIdLength: 2, nonceLength: 6 }]`",
        };

    public static Diagnostic UnusedServerId(SourceSpan span, string pool, string backend) =>
        Warning(1253, span, $"backend {Quote(backend)} of pool {Quote(pool)} has a server id that nothing carries") with
        {
            Help = "give the pool `quic` or `tcpServerId`, or remove the id",
        };

    public static Diagnostic QuicByHash(SourceSpan span, string vip, string ports, string pool) =>
        Warning(1254, span, $"VIP {Quote(vip)} serves {Quote(ports)}, but pool {Quote(pool)} has no connection ids: a client that changes its address gets another backend") with
        {
            Help = "give the pool `quic`",
        };

    public static Diagnostic TakenTcpOption(SourceSpan span, int kind) =>
        Error(1256, span, $"TCP option {kind} has another meaning") with { Help = "take one that no host uses, as 253 or 254 (RFC 4727)" };
}
