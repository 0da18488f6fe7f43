using System.Text;
using Weir.Compiler.Sources;

namespace Weir.Compiler.Tests.Syntax;

/// <summary>Damages a topology's files as people, editors, merges and transfers do, and worse.</summary>
internal sealed class FileMutation(IReadOnlyList<SourceSet> seeds)
{
    private const int Longest = 8_000;

    private static readonly string[] Fragments =
    [
        "sites:", "pools:", "vips:", "lint:", "defaults:", ": ", ":", "\n", "\n  ", "\n    - ", "- ", "[", "]", "{", "}", ", ", "&x ", "*x", "<<: *x", "<<: ", "\"", "'",
        "|\n", ">-\n  ", "# c", "? ", "!!str ", "---\n", "...\n", "%YAML 1.1\n", "\t", "\r\n", "\r", "\0", "\u0085", "\u2028", "\ufeff", "\U0001F600", "日本",
        "e\u0301", "\u202e", "0x1f", "1e999", "99999999999999999999999999", "-1", "~", "yes", "off", "true", "10.0.0.1", "10.0.0.0/8", "\"2001:db8::/32\"", "tcp/443",
        "tcp/0-70000", "\n<<<<<<< HEAD\n", "\n=======\n", "\n>>>>>>> x\n", "# weir-disable-next-line unused-pool because\n", "# weir-disable-next-line x\n",
        "state: down", "weight: 0", "prefer: local", "\\", "\"\\u0041\\x\"", "name: ", "address: ",
    ];

    /// <summary>The same for the same state of <paramref name="random"/>.</summary>
    public SourceSet Next(Random random)
    {
        SourceSet seed = seeds[random.Next(seeds.Count)];
        int file = random.Next(seed.Files.Length);
        string text = seed.Files[file].Text;
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            text = Damage(text, random);
        }

        text = text.Length > Longest ? text[..Longest] : text;
        return SourceSet.Of(seed.Files.SetItem(file, SourceFile.Decode(seed.Files[file].Path, Bytes(text, random))));
    }

    private string Damage(string text, Random random)
    {
        int at = random.Next(text.Length + 1);
        int length = Math.Min(text.Length - at, random.Next(1, 40));
        string fragment = Fragments[random.Next(Fragments.Length)];
        return random.Next(8) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, fragment),
            2 => text.Remove(at, length).Insert(at, fragment),
            3 => text.Insert(at, text.Substring(at, length)),
            4 => text.Insert(random.Next(text.Length + 1), text.Substring(at, length)),
            5 => SwapLines(text, random),
            6 => text.Insert(at, string.Concat(Enumerable.Repeat(fragment, random.Next(2, 80)))),
            _ => Splice(text, at, random),
        };
    }

    private string Splice(string text, int at, Random random)
    {
        SourceSet other = seeds[random.Next(seeds.Count)];
        string from = other.Files[random.Next(other.Files.Length)].Text;
        int start = random.Next(from.Length + 1);
        return text.Insert(at, from.Substring(start, Math.Min(from.Length - start, random.Next(200))));
    }

    private static string SwapLines(string text, Random random)
    {
        string[] lines = text.Split('\n');
        int a = random.Next(lines.Length);
        int b = random.Next(lines.Length);
        (lines[a], lines[b]) = (lines[b], lines[a]);
        return string.Join('\n', lines);
    }

    private static byte[] Bytes(string text, Random random)
    {
        byte[] bytes = random.Next(200) == 0 ? Encoding.Unicode.GetBytes(text) : Encoding.UTF8.GetBytes(text);
        if (bytes.Length > 0 && random.Next(10) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }
}
