using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weir.Compiler.Diagnostics;

namespace Weir.Cli;

/// <summary>The half of <c>weir explain</c> that knows codes and lint rules.</summary>
internal static class ExplainPage
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether an argument can only be a code or a rule's name: one word of letters, digits and hyphens.</summary>
    public static bool IsName(string subject) => subject.Length > 0 && subject.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>Prints the page of <paramref name="name"/>, or the names that come close.</summary>
    public static int Show(string name, OutputFormat format, Terminal terminal)
    {
        if (DiagnosticPage.Find(name) is not { } page)
        {
            string? suggestion = Suggestion.For(name.ToUpperInvariant(), DiagnosticPage.Codes)
                ?? Suggestion.For(name, LintRules.All.Select(r => r.Name));
            terminal.Error.WriteLine($"weir: {PlainText.Of(name)} is neither a diagnostic's code nor a lint rule's name");
            terminal.Error.WriteLine(suggestion is null ? "Try: weir explain --list" : $"Did you mean: weir explain {suggestion}");
            return ExitCode.Failed;
        }

        terminal.Out.Write(format == OutputFormat.Json ? Json(json => Write(json, page, whole: true)) : page.Text + Rule(page.Code));
        return ExitCode.Done;
    }

    /// <summary>Prints every code with its title.</summary>
    public static int List(OutputFormat format, Terminal terminal)
    {
        DiagnosticPage[] pages = [.. DiagnosticPage.Codes.Select(c => DiagnosticPage.Find(c)!)];
        if (format == OutputFormat.Json)
        {
            terminal.Out.Write(Json(json =>
            {
                json.WriteStartArray("pages");
                foreach (DiagnosticPage page in pages)
                {
                    json.WriteStartObject();
                    Write(json, page, whole: false);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }));
            return ExitCode.Done;
        }

        foreach (DiagnosticPage page in pages)
        {
            string rule = LintRules.OfCode(page.Code) is { } lint ? $" ({lint.Name})" : "";
            terminal.Out.WriteLine($"{page.Code}  {page.Title}{rule}");
        }

        return ExitCode.Done;
    }

    /// <summary>There was no argument to explain.</summary>
    public static int Nothing(Terminal terminal)
    {
        terminal.Error.WriteLine("weir: nothing to explain: name a diagnostic's code, as weir explain WEIR1203");
        terminal.Error.WriteLine("Try: weir explain --help");
        return ExitCode.Usage;
    }

    private static string Rule(string code) => LintRules.OfCode(code) is { } rule
        ? $"\nThe lint rule `{rule.Name}`: {JsonNamingPolicy.CamelCase.ConvertName(rule.Level.ToString())}, unless the topology's `lint` says otherwise.\n"
        : "";

    private static void Write(Utf8JsonWriter json, DiagnosticPage page, bool whole)
    {
        LintRule? rule = LintRules.OfCode(page.Code);
        json.WriteString("code", page.Code);
        json.WriteString("title", page.Title);
        json.WriteString("rule", rule?.Name);
        json.WriteString("level", rule is null ? null : JsonNamingPolicy.CamelCase.ConvertName(rule.Level.ToString()));
        if (whole)
        {
            json.WriteString("page", page.Text);
        }
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n";
    }
}
