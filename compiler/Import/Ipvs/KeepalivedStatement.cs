using System.Collections.Immutable;

namespace Weir.Compiler.Import.Ipvs;

/// <summary>A line of keepalived.conf: words, and the block behind them if there is one.</summary>
internal sealed record KeepalivedStatement(int Line, ImmutableArray<string> Words, ImmutableArray<KeepalivedStatement> Block)
{
    private const int Deepest = 32;

    /// <summary>The word at a place, or nothing.</summary>
    public string Word(int index) => index < Words.Length ? Words[index] : "";

    public KeepalivedStatement? Find(params ReadOnlySpan<string> names)
    {
        foreach (KeepalivedStatement statement in Block)
        {
            if (names.Contains(statement.Word(0)))
            {
                return statement;
            }
        }

        return null;
    }

    /// <summary>Comments begin with an exclamation mark or a number sign; a block's brace may stand on the next line.</summary>
    public static ImmutableArray<KeepalivedStatement> Parse(string[] lines, ImportNotes notes)
    {
        Stack<(KeepalivedStatement? Head, ImmutableArray<KeepalivedStatement>.Builder Block)> open = new();
        open.Push((null, ImmutableArray.CreateBuilder<KeepalivedStatement>()));
        for (int i = 0; i < lines.Length; i++)
        {
            int comment = lines[i].AsSpan().IndexOfAny('!', '#');
            string content = comment < 0 ? lines[i] : lines[i][..comment];
            List<string> words = [];
            foreach (string word in content.Replace("{", " { ", StringComparison.Ordinal).Replace("}", " } ", StringComparison.Ordinal)
                .Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            {
                if (word is not ("{" or "}"))
                {
                    words.Add(word.Trim('"'));
                    continue;
                }

                Flush(words, i + 1, open.Peek().Block);
                if (word == "}" && open.Count > 1)
                {
                    (KeepalivedStatement? head, ImmutableArray<KeepalivedStatement>.Builder block) = open.Pop();
                    open.Peek().Block.Add(head! with { Block = block.ToImmutable() });
                }
                else if (word == "{" && open.Count <= Deepest && open.Peek().Block is { Count: > 0 } above)
                {
                    open.Push((above[^1], ImmutableArray.CreateBuilder<KeepalivedStatement>()));
                    above.RemoveAt(above.Count - 1);
                }
                else
                {
                    notes.Fail(i + 1, $"this {word} has no counterpart", "check the braces of the file");
                    return [];
                }
            }

            Flush(words, i + 1, open.Peek().Block);
        }

        if (open.Count > 1)
        {
            notes.Fail(open.Peek().Head!.Line, "the block that begins here is not closed", "add the closing brace");
            return [];
        }

        return open.Pop().Block.ToImmutable();
    }

    private static void Flush(List<string> words, int line, ImmutableArray<KeepalivedStatement>.Builder block)
    {
        if (words.Count > 0)
        {
            block.Add(new KeepalivedStatement(line, [.. words], []));
            words.Clear();
        }
    }
}
