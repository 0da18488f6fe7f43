using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weir.Compiler.Captures;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Explain;
using Weir.Compiler.Model;

namespace Weir.Cli;

/// <summary>Answers for every packet of a capture, one line each, and counts below.</summary>
internal sealed class CaptureAnswers(Explainer explainer, OutputFormat format, Terminal terminal)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly PacketTally tally = new();

    public int Run(string file, CancellationToken cancellation)
    {
        string? failure = Read(file, cancellation);
        if (tally.Packets > 0 || failure is null)
        {
            terminal.Out.Write(format == OutputFormat.Json ? Line(Summary) : SummaryText());
        }

        if (failure is null)
        {
            return ExitCode.Done;
        }

        terminal.Error.WriteLine($"weir: {PlainText.Of(file)}: {failure}");
        return ExitCode.Failed;
    }

    /// <summary>Says what was wrong with the file, or null.</summary>
    private string? Read(string file, CancellationToken cancellation)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            foreach (CapturedPacket packet in CaptureReader.Read(stream))
            {
                cancellation.ThrowIfCancellationRequested();
                PacketAnswer answer = explainer.Answer(packet.Frame());
                tally.Add(answer, packet.IsCut);
                terminal.Out.Write(format == OutputFormat.Json ? Line(json => Write(json, packet.Number, answer)) : Text(packet.Number, answer));
            }

            return null;
        }
        catch (CaptureException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "it does not exist";
        }
        catch (UnauthorizedAccessException)
        {
            return Directory.Exists(file) ? "it is a directory" : "permission denied";
        }
    }

    private static string Text(long number, PacketAnswer answer)
    {
        string what = answer.Quoted is { } quoted ? $"{answer.Packet} about {quoted}" : answer.Packet;
        string becomes = answer.Outcome == Outcome.Forwarded
            ? string.Create(CultureInfo.InvariantCulture, $"vips.{answer.Vip} slot {answer.Slot} to {answer.Pool}/{answer.Backend} ({answer.Address})")
            : $"{answer.Outcome.ToString().ToLowerInvariant()} [{answer.Reason!.Value.Name()}]";
        return string.Create(CultureInfo.InvariantCulture, $"{number,6}  {what}: {becomes}\n");
    }

    private string SummaryText()
    {
        StringBuilder text = new();
        foreach ((string kind, IReadOnlyDictionary<string, long> counts) in new[] { ("vips.", tally.Vips), ("", tally.Backends), ("", Reasons()) })
        {
            foreach ((string name, long count) in counts)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count,8}  {kind}{name}\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"{tally.Packets} packets, {tally.Forwarded} forwarded");
        return text.Append(tally.Cut == 0 ? "\n" : string.Create(CultureInfo.InvariantCulture, $"; {tally.Cut} were cut short by the capture, zeros were taken for the rest\n")).ToString();
    }

    private Dictionary<string, long> Reasons() => tally.Reasons.ToDictionary(r => r.Key.Name(), r => r.Value, StringComparer.Ordinal);

    private static void Write(Utf8JsonWriter json, long number, PacketAnswer answer)
    {
        json.WriteNumber("packet", number);
        json.WriteString("flow", answer.Packet);
        json.WriteString("quoted", answer.Quoted);
        json.WriteString("outcome", JsonNamingPolicy.CamelCase.ConvertName(answer.Outcome.ToString()));
        json.WriteString("reason", answer.Reason?.Name());
        json.WriteString("vip", answer.Vip);
        json.WriteString("pool", answer.Pool);
        json.WriteString("backend", answer.Backend);
        json.WriteString("address", answer.Address?.ToString());
        if (answer.Slot is { } slot)
        {
            json.WriteNumber("slot", slot);
        }
        else
        {
            json.WriteNull("slot");
        }
    }

    private void Summary(Utf8JsonWriter json)
    {
        json.WriteStartObject("summary");
        json.WriteNumber("packets", tally.Packets);
        json.WriteNumber("forwarded", tally.Forwarded);
        json.WriteNumber("cut", tally.Cut);
        foreach ((string kind, IReadOnlyDictionary<string, long> counts) in new[] { ("vips", tally.Vips), ("backends", tally.Backends), ("reasons", Reasons()) })
        {
            json.WriteStartObject(kind);
            foreach ((string name, long count) in counts)
            {
                json.WriteNumber(name, count);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Line(Action<Utf8JsonWriter> write)
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
