using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Weir.Compiler.Diagnostics;

/// <summary>Writes findings for programs: <c>schemas/diagnostics.schema.json</c>. Keys are never renamed, and new ones only come at the end.</summary>
public static class JsonRenderer
{
    /// <summary>The version of the form.</summary>
    public const int Version = 1;

    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A whole document, with a line feed at its end.</summary>
    /// <param name="root">Put before file names, as <c>topology/</c>; may be empty.</param>
    public static string Render(ImmutableArray<Diagnostic> diagnostics, string root = "") => Render(new DiagnosticReport(diagnostics, 0, 0), root);

    /// <inheritdoc cref="Render(ImmutableArray{Diagnostic}, string)"/>
    public static string Render(DiagnosticReport report, string root)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            Write(json, report, root);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n";
    }

    /// <summary>The members of the document, for results that have more to say.</summary>
    public static void Write(Utf8JsonWriter json, ImmutableArray<Diagnostic> diagnostics, string root) =>
        Write(json, new DiagnosticReport(diagnostics, 0, 0), root);

    /// <inheritdoc cref="Write(Utf8JsonWriter, ImmutableArray{Diagnostic}, string)"/>
    public static void Write(Utf8JsonWriter json, DiagnosticReport report, string root)
    {
        json.WriteNumber("version", Version);
        json.WriteStartArray("diagnostics");
        foreach (Diagnostic diagnostic in report.Shown)
        {
            Write(json, diagnostic, root);
        }

        json.WriteEndArray();
        json.WriteNumber("errors", report.Errors);
        json.WriteNumber("warnings", report.Warnings);
        json.WriteStartObject("hidden");
        json.WriteNumber("errors", report.HiddenErrors);
        json.WriteNumber("warnings", report.HiddenWarnings);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Diagnostic diagnostic, string root)
    {
        json.WriteStartObject();
        json.WriteString("code", diagnostic.Code);
        json.WriteString("severity", diagnostic.Severity == Severity.Error ? "error" : "warning");
        json.WriteString("message", diagnostic.Message);
        json.WritePropertyName("span");
        Write(json, diagnostic.Span, root);
        json.WriteString("label", diagnostic.Label);
        json.WriteStartArray("related");
        foreach (RelatedSpan related in diagnostic.Related)
        {
            json.WriteStartObject();
            json.WritePropertyName("span");
            Write(json, related.Span, root);
            json.WriteString("label", related.Label);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("help", diagnostic.Help);
        json.WritePropertyName("fix");
        if (diagnostic.Fix is { } fix)
        {
            json.WriteStartObject();
            json.WriteString("title", fix.Title);
            json.WritePropertyName("span");
            Write(json, fix.Span, root);
            json.WriteString("replacement", fix.Replacement);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SourceSpan span, string root)
    {
        if (span == SourceSpan.None)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("file", root + span.File);
        json.WriteNumber("line", span.Line);
        json.WriteNumber("column", span.Column);
        json.WriteNumber("endLine", span.EndLine);
        json.WriteNumber("endColumn", span.EndColumn);
        json.WriteEndObject();
    }
}
