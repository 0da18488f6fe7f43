using System.Security.Cryptography;
using System.Text;

namespace Weir.Compiler.Emit;

/// <summary>SHA-256 in lower-case hex.</summary>
public static class Digests
{
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string OfText(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Over lines as <c>sha256sum</c> prints them: digest, two spaces, path, line feed; sorted by path (ordinal).</summary>
    public static string OfFiles(IEnumerable<(string Path, string Digest)> files) =>
        OfText(string.Concat(files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => $"{f.Digest}  {f.Path}\n")));
}
