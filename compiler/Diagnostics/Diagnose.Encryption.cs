namespace Weir.Compiler.Diagnostics;

/// <summary>1545 to 1549: encrypted connection ids.</summary>
public static partial class Diagnose
{
    public static Diagnostic MissingKeyFile(SourceSpan span, string encryption) =>
        Error(1545, span, $"connection ids with {Quote(encryption)} encryption need a `keyFile`") with
        {
            Help = "add `keyFile: /etc/weir/quic-1.key`, where every host has 32 hexadecimal digits, mode 0600; the key itself stays out of the topology",
        };

    public static Diagnostic ManyKeyFiles(SourceSpan span, string path, int most) =>
        Error(1549, span, $"{Quote(path)} is one key file too many: a program has room for {most} keys") with
        {
            Help = "let configs of several pools share a key file",
        };

    /// <param name="length">Bytes.</param>
    public static Diagnostic OtherEncryption(SourceSpan span, string encryption, int length) =>
        Error(1546, span, $"{PlainText.Of(encryption)} encryption is not for {Count(length, "byte")} of server id and nonce") with
        {
            Help = "with 16 bytes it is `single-pass`, with any other number `four-pass`; leave `encryption` out, or change `nonceLength`",
        };

    public static Diagnostic MalformedKeyFile(SourceSpan span, string path) =>
        Error(1547, span, $"{Quote(path)} is not a path of a key file") with
        {
            Help = "write an absolute path without `.` and `..`, as `/etc/weir/quic-1.key`: it is read on the hosts",
        };

    public static Diagnostic KeyOfPlaintext(SourceSpan span) =>
        Error(1548, span, "the config has a `keyFile` and says that its connection ids are not encrypted") with
        {
            Help = "remove `encryption: none`, or the `keyFile`",
        };
}
