using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings;

namespace Weir.Cli;

/// <summary>A build for programs: the diagnostics' document with <c>bundle</c> and, where asked for, <c>changes</c> at its end.</summary>
internal static class BuildJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Render(ImmutableArray<Diagnostic> diagnostics, string root, BuildResult result)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            JsonRenderer.Write(json, diagnostics, root);
            json.WriteStartObject("bundle");
            json.WriteString("site", result.Plan.Site);
            json.WriteString("directory", result.Directory);
            json.WriteString("digest", result.Digest);
            json.WriteStartArray("pools");
            foreach (PoolPlan pool in result.Plan.Pools)
            {
                Write(json, pool);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            if (result.Changes is { } changes)
            {
                json.WriteStartArray("changes");
                foreach (PoolRingChange change in changes)
                {
                    Write(json, change);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n";
    }

    private static void Write(Utf8JsonWriter json, PoolPlan pool)
    {
        json.WriteStartObject();
        json.WriteString("name", pool.Name);
        json.WriteNumber("backends", pool.Backends.Length);
        json.WriteNumber("capacity", pool.Capacity);
        json.WriteNumber("slots", pool.Ring.Length);
        json.WriteNumber("imbalancePpm", pool.Quality.ImbalancePpm);
        json.WriteNumber("collateralPpm", pool.Quality.CollateralPpm);
        if (pool.Quality.ExpectedPpm > 0)
        {
            json.WriteNumber("expectedPpm", pool.Quality.ExpectedPpm);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PoolRingChange change)
    {
        json.WriteStartObject();
        json.WriteString("pool", change.Pool);
        json.WriteString("change", JsonNamingPolicy.CamelCase.ConvertName(change.Change.ToString()));
        json.WriteNumber("slots", change.Slots);
        json.WriteNumber("moved", change.Moved);
        json.WriteNumber("movedPpm", change.MovedPpm);
        json.WriteStartArray("ranges");
        foreach (MovedSlots range in change.Ranges)
        {
            json.WriteStartObject();
            json.WriteNumber("first", range.First);
            json.WriteNumber("last", range.Last);
            json.WriteString("from", range.From);
            json.WriteString("to", range.To);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
