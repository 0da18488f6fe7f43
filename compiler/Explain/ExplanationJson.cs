using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Model;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Explain;

/// <summary>Explanations for programs, as <c>schemas/explain.schema.json</c> describes them.</summary>
public static class ExplanationJson
{
    private const int Schema = 1;

    /// <param name="commit">The commit that the topology was read from, or null.</param>
    /// <param name="against">What was compared with, or null: its name, its commit and what came out.</param>
    public static string Render(string question, Explanation explanation, string? commit, (string Name, string? Commit, ExplanationChange Change)? against)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options(indented: true)))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteString("packet", question);
            json.WriteString("site", explanation.Plan.Site);
            json.WriteString("commit", commit);
            Write(json, explanation);
            if (against is var (name, otherCommit, change))
            {
                json.WriteStartObject("against");
                json.WriteString("name", name);
                json.WriteString("commit", otherCommit);
                json.WriteString("change", Camel(change.Kind));
                json.WriteStartArray("because");
                foreach (string cause in change.Because)
                {
                    json.WriteStringValue(cause);
                }

                json.WriteEndArray();
                Nullable(json, "before", change.Before, Write);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n";
    }

    internal static JsonWriterOptions Options(bool indented) => new() { Indented = indented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static void Write(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteString("outcome", Camel(explanation.Outcome));
        json.WriteString("reason", explanation.Verdict.Reason?.Name());
        json.WriteString("why", explanation.Why);
        Nullable(json, "vip", explanation.Vip, (_, vip) =>
        {
            Place(json, vip.Name, vip.Position);
            json.WriteString("address", vip.Address);
            json.WriteString("ports", PortText.Format(vip.Ports));
        });
        if (explanation.Source is { } source)
        {
            json.WriteStartObject("client");
            json.WriteString("address", source.Client.ToString());
            json.WriteBoolean("denied", source.Denied);
            json.WriteString("because", source.Listed);
            json.WriteEndObject();
        }

        json.WriteStartArray("others");
        foreach (VipAtAddress other in explanation.Others)
        {
            json.WriteStartObject();
            Place(json, other.Name, other.Position);
            json.WriteStartArray("ports");
            foreach (PortRange ports in other.Ports)
            {
                json.WriteStringValue(PortText.Format(ports));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Nullable(json, "pool", explanation.Ring, Ring);
        Nullable(json, "backend", explanation.Backend, Backend);
        Nullable(json, "encapsulation", explanation.Encapsulation, (_, path) => Encapsulation(json, path, explanation.Plan.Mtu));
    }

    private static void Ring(Utf8JsonWriter json, RingStep ring)
    {
        Place(json, ring.Pool, ring.Position);
        json.WriteString("because", ring.Because);
        json.WriteString("flow", PacketText.Of(ring.Flow.Protocol, ring.Flow.Source, ring.Flow.SourcePort, ring.Flow.Destination, ring.Flow.DestinationPort));
        json.WriteBoolean("quoted", ring.Quoted);
        if (ring.Policy != HashPolicy.FiveTuple)
        {
            json.WriteString("hash", HashText.Format(ring.Policy));
        }

        json.WriteString("h1", Hex(ring.Hash.H1));
        json.WriteString("h2", Hex(ring.Hash.H2));
        json.WriteNumber("slot", ring.Slot);
        json.WriteNumber("slots", ring.Slots);
    }

    private static void Backend(Utf8JsonWriter json, ChosenBackend backend)
    {
        Place(json, backend.Name, backend.Position);
        json.WriteString("address", backend.Address.ToString());
        json.WriteNumber("weight", backend.Weight);
        json.WriteString("state", Camel(backend.State));
        json.WriteNumber("ownedSlots", backend.Owned);
        json.WriteString("preference", backend.Preference);
    }

    private static void Encapsulation(Utf8JsonWriter json, EncapsulationStep path, int mtu)
    {
        json.WriteString("type", EncapsulationKeys.Name(path.Plan.Type));
        json.WriteString("source", AddressText.OfSource(path.Source));
        json.WriteString("scope", path.Scope);
        Position(json, path.Position);
        json.WriteNumber("innerVersion", path.InnerV6 ? 6 : 4);
        json.WriteNumber("outerVersion", path.OuterV6 ? 6 : 4);
        json.WriteNumber("packetLength", path.PacketLength);
        json.WriteNumber("outerLength", path.OuterLength);
        json.WriteNumber("mtu", mtu);
        Nullable(json, "outer", path.Outer, (_, outer) =>
        {
            json.WriteString("source", outer.Source.ToString());
            json.WriteString("nextHop", outer.NextHop ?? "<gateway>");
            json.WriteString("gateway", outer.Gateway?.ToString());
            json.WriteString("header", Convert.ToHexStringLower(outer.Header.AsSpan()));
        });
    }

    private static string Hex(uint value) => value.ToString("x8", CultureInfo.InvariantCulture);

    private static void Place(Utf8JsonWriter json, string name, SourceSpan position)
    {
        json.WriteString("name", name);
        Position(json, position);
    }

    private static void Position(Utf8JsonWriter json, SourceSpan position)
    {
        if (position.Line == 0)
        {
            json.WriteNull("position");
            return;
        }

        json.WriteStartObject("position");
        json.WriteString("file", position.File);
        json.WriteNumber("line", position.Line);
        json.WriteNumber("column", position.Column);
        json.WriteEndObject();
    }

    private static void Nullable<T>(Utf8JsonWriter json, string name, T? value, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        if (value is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        write(json, value);
        json.WriteEndObject();
    }
}
