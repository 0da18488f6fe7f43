using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weir.Compiler.Emit;
using Weir.Compiler.Sources;

namespace Weir.Compiler.Diagnostics;

/// <summary>Writes findings as SARIF 2.1.0 (OASIS, 2020), for code scanning and editors. Columns count UTF-16 units and ends are exclusive,
/// as in <see cref="SourceSpan"/>.</summary>
/// <param name="root">Put before file names, as <c>topology/</c>; may be empty.</param>
public sealed class SarifRenderer(SourceSet sources, string root)
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SourceLines _lines = new(sources);

    /// <summary>A whole log, with a line feed at its end.</summary>
    public string Render(DiagnosticReport report)
    {
        ImmutableArray<string> rules = [.. report.Shown.Select(d => d.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json, rules);
            WriteInvocation(json, report);
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteStartArray("results");
            Dictionary<string, int> seen = new(StringComparer.Ordinal);
            foreach (Diagnostic diagnostic in report.Shown)
            {
                Write(json, diagnostic, rules.IndexOf(diagnostic.Code), Fingerprint(diagnostic, seen));
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n";
    }

    private static void WriteTool(Utf8JsonWriter json, ImmutableArray<string> rules)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "Weir");
        json.WriteString("semanticVersion", CompilerVersion.Text);
        json.WriteStartArray("rules");
        foreach (string code in rules)
        {
            json.WriteStartObject();
            json.WriteString("id", code);
            if (LintRules.OfCode(code) is { } rule)
            {
                json.WriteString("name", rule.Name);
            }

            if (DiagnosticPage.Find(code) is { } page)
            {
                WriteText(json, "shortDescription", page.Title);
                json.WriteStartObject("help");
                json.WriteString("text", page.Text);
                json.WriteString("markdown", page.Text);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteInvocation(Utf8JsonWriter json, DiagnosticReport report)
    {
        json.WriteStartArray("invocations");
        json.WriteStartObject();
        json.WriteBoolean("executionSuccessful", true);
        if (report.HiddenText() is { } hidden)
        {
            json.WriteStartArray("toolExecutionNotifications");
            json.WriteStartObject();
            json.WriteString("level", "note");
            WriteText(json, "message", hidden);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void Write(Utf8JsonWriter json, Diagnostic diagnostic, int rule, string fingerprint)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", diagnostic.Code);
        json.WriteNumber("ruleIndex", rule);
        json.WriteString("level", diagnostic.Severity == Severity.Error ? "error" : "warning");
        WriteText(json, "message", string.Join("; ", new[] { diagnostic.Message, diagnostic.Label, diagnostic.Help }.OfType<string>()));
        json.WriteStartArray("locations");
        json.WriteStartObject();
        WriteLocation(json, diagnostic.Span);
        json.WriteEndObject();
        json.WriteEndArray();
        if (diagnostic.Related.Length > 0)
        {
            json.WriteStartArray("relatedLocations");
            for (int i = 0; i < diagnostic.Related.Length; i++)
            {
                json.WriteStartObject();
                json.WriteNumber("id", i + 1);
                WriteLocation(json, diagnostic.Related[i].Span);
                WriteText(json, "message", diagnostic.Related[i].Label);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("partialFingerprints");
        json.WriteString("weirFinding/v1", fingerprint);
        json.WriteEndObject();
        if (diagnostic.Fix is { } fix)
        {
            Write(json, fix);
        }

        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, Fix fix)
    {
        json.WriteStartArray("fixes");
        json.WriteStartObject();
        WriteText(json, "description", fix.Title);
        json.WriteStartArray("artifactChanges");
        json.WriteStartObject();
        WriteArtifact(json, fix.Span);
        json.WriteStartArray("replacements");
        json.WriteStartObject();
        WriteRegion(json, "deletedRegion", fix.Span);
        WriteText(json, "insertedContent", fix.Replacement);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void WriteLocation(Utf8JsonWriter json, SourceSpan span)
    {
        json.WriteStartObject("physicalLocation");
        WriteArtifact(json, span);
        if (span != SourceSpan.None)
        {
            WriteRegion(json, "region", span);
        }

        json.WriteEndObject();
    }

    private void WriteArtifact(Utf8JsonWriter json, SourceSpan span)
    {
        // What is about no file is about the directory.
        string path = span == SourceSpan.None && root.Length == 0 ? "." : root + span.File;
        string uri = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", path.StartsWith('/') ? $"file://{uri}" : uri);
        json.WriteEndObject();
    }

    private static void WriteRegion(Utf8JsonWriter json, string name, SourceSpan span)
    {
        json.WriteStartObject(name);
        json.WriteNumber("startLine", span.Line);
        json.WriteNumber("startColumn", span.Column);
        json.WriteNumber("endLine", span.EndLine);
        json.WriteNumber("endColumn", span.EndColumn);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    /// <summary>What a finding is, as long as its line says the same, wherever in the file that is: code, file, message, line and, of several
    /// alike, which.</summary>
    private string Fingerprint(Diagnostic diagnostic, Dictionary<string, int> seen)
    {
        string line = _lines.Of(diagnostic.Span.File).ElementAtOrDefault(diagnostic.Span.Line - 1)?.Trim() ?? "";
        byte[] key = Encoding.UTF8.GetBytes(string.Join('\0', diagnostic.Code, diagnostic.Span.File, diagnostic.Message, line));
        string hash = Convert.ToHexStringLower(SHA256.HashData(key))[..32];
        seen[hash] = seen.GetValueOrDefault(hash) + 1;
        return $"{hash}:{seen[hash]}";
    }
}
