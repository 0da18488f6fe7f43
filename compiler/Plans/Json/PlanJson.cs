using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Plans.Text;

namespace Weir.Compiler.Plans.Json;

/// <summary>Writes a plan for programs: <c>schemas/plan.schema.json</c>. Keys are never renamed, and new ones only come at the end.</summary>
public static class PlanJson
{
    /// <summary>The version of the form.</summary>
    public const int Schema = 1;

    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A whole document, with a line feed at its end.</summary>
    /// <param name="root">Put before file names, as <c>topology/</c>; may be empty.</param>
    public static string Render(TopologyPlan plan, string root = "")
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            Writer writer = new(json, root, ForDigest: false);
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            Write(json, "base", plan.Base);
            Write(json, "head", plan.Head);
            json.WriteBoolean("changes", !plan.IsEmpty);
            json.WriteString("risk", Name(plan.Risk));
            json.WriteBoolean("refused", plan.IsRefused);
            writer.Content(plan);
            json.WriteStartArray("unusedOverrides");
            foreach (GateOverride unused in plan.UnusedOverrides)
            {
                json.WriteStartObject();
                json.WriteString("code", unused.Code);
                json.WriteString("object", unused.Target);
                json.WriteString("source", unused.Source);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("summary", PlanWords.Summary(plan));
            json.WriteString("digest", plan.Digest);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n";
    }

    /// <summary>Over what the document says of the change itself: not of revisions, places in files, overrides or this machine.</summary>
    internal static string Digest(TopologyPlan plan)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            new Writer(json, "", ForDigest: true).Content(plan);
            json.WriteEndObject();
        }

        return Digests.Of(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    internal static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static void Write(Utf8JsonWriter json, string name, PlanSide side)
    {
        json.WriteStartObject(name);
        json.WriteString("name", side.Name);
        json.WriteString("commit", side.Commit);
        json.WriteEndObject();
    }

    private sealed record Writer(Utf8JsonWriter Json, string Root, bool ForDigest)
    {
        public void Content(TopologyPlan plan)
        {
            Json.WriteStartObject("counts");
            Json.WriteNumber("added", plan.Counts.Added);
            Json.WriteNumber("changed", plan.Counts.Changed);
            Json.WriteNumber("removed", plan.Counts.Removed);
            Json.WriteNumber("unchanged", plan.Counts.Unchanged);
            Json.WriteEndObject();
            Each("sites", plan.Sites, Site);
            Each("elsewhere", plan.Elsewhere, Object);
            Each("gate", plan.Findings, Finding);
        }

        private void Each<T>(string name, ImmutableArray<T> values, Action<T> write)
        {
            Json.WriteStartArray(name);
            foreach (T value in values)
            {
                write(value);
            }

            Json.WriteEndArray();
        }

        private void Texts(string name, ImmutableArray<string> values) => Each(name, values, Json.WriteStringValue);

        private void Site(SiteChange site)
        {
            Json.WriteStartObject();
            Json.WriteString("site", site.Site);
            Json.WriteString("action", Name(site.Action));
            Json.WriteString("kind", site.Kind is { } kind ? Name(kind) : null);
            Texts("reasons", site.Reasons);
            Each("objects", site.Objects, Object);
            Json.WriteNumber("unchanged", site.Unchanged);
            Each("moves", site.Moves, Move);
            Each("traffic", site.Traffic, Traffic);
            Json.WriteNumber("maxFlows", site.MaxFlows);
            Json.WriteStartObject("maps");
            Maps("before", site.MapsBefore);
            Maps("after", site.MapsAfter);
            Json.WriteEndObject();
            Each("paths", site.Paths, Path);
            Json.WriteStartObject("digests");
            Json.WriteString("base", site.BaseDigest);
            Json.WriteString("head", site.HeadDigest);
            Json.WriteEndObject();
            if (!ForDigest)
            {
                Costs(site.Costs);
            }

            Json.WriteEndObject();
        }

        private void Object(ObjectChange change)
        {
            Json.WriteStartObject();
            Json.WriteString("kind", Name(change.Kind));
            Json.WriteString("action", Name(change.Action));
            Json.WriteString("path", change.Path);
            Json.WriteString("was", change.Was);
            Each("attributes", change.Attributes, attribute =>
            {
                Json.WriteStartObject();
                Json.WriteString("name", attribute.Name);
                Json.WriteString("before", attribute.Before);
                Json.WriteString("after", attribute.After);
                Json.WriteEndObject();
            });
            Position(change.Position);
            Json.WriteString("reason", change.Reason);
            Json.WriteEndObject();
        }

        private void Position(SourceSpan span)
        {
            if (ForDigest)
            {
                return;
            }

            Json.WritePropertyName("position");
            if (span.Line == 0)
            {
                Json.WriteNullValue();
                return;
            }

            Json.WriteStartObject();
            Json.WriteString("file", Root + span.File);
            Json.WriteNumber("line", span.Line);
            Json.WriteNumber("column", span.Column);
            Json.WriteEndObject();
        }

        private void Move(PoolMove move)
        {
            Json.WriteStartObject();
            Json.WriteString("poolBefore", move.PoolBefore);
            Json.WriteString("poolAfter", move.PoolAfter);
            Json.WriteNumber("ringBefore", move.RingBefore);
            Json.WriteNumber("ringAfter", move.RingAfter);
            Json.WriteNumber("slots", move.Slots);
            Json.WriteNumber("moved", move.Moved);
            Json.WriteNumber("movedPpm", move.MovedPpm);
            Json.WriteBoolean("exact", move.Exact);
            Each("pairs", move.Pairs, pair =>
            {
                Json.WriteStartObject();
                Json.WriteString("from", pair.From);
                Json.WriteString("to", pair.To);
                Json.WriteNumber("slots", pair.Slots);
                Json.WriteNumber("ppm", Share.Ppm(pair.Slots, move.Slots));
                Json.WriteEndObject();
            });
            Json.WriteEndObject();
        }

        private void Traffic(VipTraffic traffic)
        {
            Json.WriteStartObject();
            Json.WriteString("vip", traffic.Vip);
            Json.WriteString("pool", traffic.Pool);
            Number("move", traffic.Move);
            Json.WriteNumber("movedPpm", traffic.MovedPpm);
            Json.WriteNumber("protectedPpm", 0);
            Json.WriteNumber("flowsAtMost", traffic.FlowsAtMost);
            Texts("added", traffic.Added);
            Texts("withdrawn", traffic.Withdrawn);
            Each("takenOver", traffic.TakenOver, taken =>
            {
                Json.WriteStartObject();
                Json.WriteString("from", taken.From);
                Number("move", taken.Move);
                Texts("services", taken.Services);
                Json.WriteEndObject();
            });
            if (!traffic.Routes.IsEmpty)
            {
                Each("routes", traffic.Routes, route =>
                {
                    Json.WriteStartObject();
                    Json.WriteNumber("move", route.Move);
                    Texts("sources", route.Sources);
                    Json.WriteEndObject();
                });
            }

            Some("denied", traffic.Denied);
            Some("admitted", traffic.Admitted);
            Json.WriteEndObject();
        }

        /// <summary>Left out where there are none.</summary>
        private void Some(string name, ImmutableArray<string> texts)
        {
            if (!texts.IsEmpty)
            {
                Texts(name, texts);
            }
        }

        private void Maps(string name, MapBytes? maps)
        {
            if (maps is null)
            {
                Json.WriteNull(name);
                return;
            }

            Json.WriteStartObject(name);
            Json.WriteNumber("fixed", maps.Fixed);
            Json.WriteNumber("perCpu", maps.PerCpu);
            Json.WriteNumber("cpus", MapBytes.Cpus);
            Json.WriteNumber("total", maps.Total);
            Json.WriteEndObject();
        }

        private void Path(PathBudget path)
        {
            Json.WriteStartObject();
            Json.WriteString("path", path.Path);
            Room("before", path.Before);
            Room("after", path.After);
            Json.WriteEndObject();
        }

        private void Room(string name, PathRoom? room)
        {
            if (room is null)
            {
                Json.WriteNull(name);
                return;
            }

            Json.WriteStartObject(name);
            Json.WriteNumber("mtu", room.Mtu);
            Json.WriteNumber("outer", room.Outer);
            Json.WriteNumber("inner", room.Inner);
            Json.WriteNumber("mss", room.Mss);
            Json.WriteEndObject();
        }

        private void Costs(SiteCosts? costs)
        {
            if (costs is null)
            {
                Json.WriteNull("costs");
                return;
            }

            Json.WriteStartObject("costs");
            Cost("before", costs.Before);
            Cost("after", costs.After);
            Json.WriteEndObject();
        }

        private void Cost(string name, ProgramCost? cost)
        {
            if (cost is null)
            {
                Json.WriteNull(name);
                return;
            }

            Json.WriteStartObject(name);
            Number("instructions", cost.Instructions);
            Number("jitedBytes", cost.JitedBytes);
            Number("verifiedInstructions", cost.VerifiedInstructions);
            Number("mapBytes", cost.MapBytes);
            if (cost.NsPerPacket is { } ns)
            {
                Json.WriteNumber("nsPerPacket", ns);
            }
            else
            {
                Json.WriteNull("nsPerPacket");
            }

            Json.WriteString("why", cost.Why);
            Json.WriteEndObject();
        }

        private void Finding(GateFinding finding)
        {
            Json.WriteStartObject();
            Json.WriteString("code", finding.Code);
            Json.WriteString("object", finding.Target);
            Json.WriteString("site", finding.Site);
            Json.WriteString("message", finding.Diagnostic.Message);
            if (!ForDigest)
            {
                Json.WriteString("help", finding.Diagnostic.Help);
                Position(finding.Diagnostic.Span);
                Json.WriteString("trailer", PlanWords.Trailer(finding));
                Json.WriteString("option", PlanWords.Option(finding));
                Json.WriteString("allowedBy", finding.AllowedBy?.Source);
            }

            Json.WriteEndObject();
        }

        private void Number(string name, long? value)
        {
            if (value is { } number)
            {
                Json.WriteNumber(name, number);
            }
            else
            {
                Json.WriteNull(name);
            }
        }
    }
}
