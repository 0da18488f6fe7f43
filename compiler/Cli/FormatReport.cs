using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Formatting;
using Weir.Compiler.Sources;

namespace Weir.Cli;

/// <summary>What <c>weir fmt</c> has to say: which files change, and which cannot be read.</summary>
/// <param name="Diagnostics">With file names as they are shown.</param>
internal sealed record FormatReport(ImmutableArray<string> Changed, int Files, SourceSet Sources, ImmutableArray<Diagnostic> Diagnostics)
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool HasErrors => Diagnostics.HasErrors();

    public static FormatReport Of(ImmutableArray<FormatInput> inputs, ImmutableArray<ImmutableArray<FormattedFile>> results, ImmutableArray<string> changed)
    {
        IEnumerable<Diagnostic> findings = inputs.Zip(results).SelectMany(p =>
            p.First.Sources.Diagnostics.Concat(p.Second.SelectMany(r => r.Diagnostics)).Select(d => Named(d, p.First.Root)));
        IEnumerable<SourceFile> files = inputs.SelectMany(i => i.Sources.Files.Select(f => f with { Path = i.Root + f.Path }));
        ImmutableArray<SourceFile> distinct = [.. files.DistinctBy(f => f.Path, StringComparer.Ordinal)];
        return new FormatReport(changed, distinct.Length, SourceSet.Of(distinct), DiagnosticOrder.Sort(findings.Distinct()));
    }

    public void Write(bool check, OutputFormat format, Terminal terminal)
    {
        if (format == OutputFormat.Json)
        {
            terminal.Out.Write(Json());
            return;
        }

        foreach (string name in Changed)
        {
            terminal.Out.WriteLine(PlainText.Of(name));
        }

        terminal.Error.Write(new TextRenderer(Sources, "", terminal.ColorError).Render(Diagnostics));
        if (check && Changed.Length > 0)
        {
            terminal.Error.WriteLine($"{Changed.Length} of {Plural.Of(Files, "file")} not in canonical form; weir fmt writes them so");
        }
    }

    private string Json()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            JsonRenderer.Write(json, Diagnostics, "");
            json.WriteNumber("files", Files);
            json.WriteStartArray("changed");
            foreach (string name in Changed)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n";
    }

    private static Diagnostic Named(Diagnostic diagnostic, string root) => diagnostic with
    {
        Span = Named(diagnostic.Span, root),
        Related = [.. diagnostic.Related.Select(r => r with { Span = Named(r.Span, root) })],
        Fix = diagnostic.Fix is { } fix ? fix with { Span = Named(fix.Span, root) } : null,
    };

    private static SourceSpan Named(SourceSpan span, string root) => span == SourceSpan.None ? span : span with { File = root + span.File };
}
