using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Import;

namespace Weir.Cli;

/// <summary>What <c>weir import</c> took over and what not.</summary>
/// <param name="Target">The file that was written, or null.</param>
internal sealed record ImportReport(string File, Imported Imported, string? Target)
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private int Backends => Imported.Services.SelectMany(s => s.Backends).Select(b => b.Address).Distinct().Count();

    public string Text()
    {
        StringBuilder text = new();
        foreach (ImportNote note in Imported.Notes)
        {
            string place = note.Line == 0 ? PlainText.Of(File) : $"{PlainText.Of(File)}:{note.Line}";
            text.Append(note.Error ? "error: " : "left out: ").Append(place).Append(": ").Append(PlainText.Of(note.What)).Append('\n')
                .Append("  = help: ").Append(PlainText.Of(note.Help)).Append('\n');
        }

        return text.Append(Imported.Failed
            ? "nothing was written\n"
            : $"imported {Plural.Of(Imported.Services.Length, "service")} and {Plural.Of(Backends, "backend")}{(Target is null ? "" : $" to {PlainText.Of(Target)}")}; {Plural.Of(Imported.Notes.Length, "note")}\n").ToString();
    }

    /// <param name="topology">The topology's text, or null if there is none.</param>
    public string Json(string? topology)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteString("file", File);
            json.WriteNumber("services", Imported.Services.Length);
            json.WriteNumber("backends", Backends);
            json.WriteStartArray("notes");
            foreach (ImportNote note in Imported.Notes)
            {
                json.WriteStartObject();
                json.WriteString("severity", note.Error ? "error" : "left-out");
                json.WriteNumber("line", note.Line);
                json.WriteString("what", note.What);
                json.WriteString("help", note.Help);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("written", Target);
            json.WriteString("topology", topology);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n";
    }
}
