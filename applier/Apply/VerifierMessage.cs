using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Weir.Applier.Build;
using Weir.Compiler.Emit;

namespace Weir.Applier.Apply;

/// <summary>A verifier's refusal, at the YAML line that caused it.</summary>
internal static class VerifierMessage
{
    public static string Of(string log, HostBundle bundle) =>
        VerifierFailure.Read(log, Encoding.UTF8.GetString(bundle.Source.Span)).Describe(Read(bundle));

    /// <summary>Null when the bundle has none, or none that can be read: it is in no digest, and only helps.</summary>
    private static Provenance? Read(HostBundle bundle)
    {
        try
        {
            return bundle.Bundle.Bundle.Files.TryGetValue(Bundle.ProvenancePath, out ImmutableArray<byte> text)
                ? JsonSerializer.Deserialize(text.AsSpan(), ProvenanceJson.Default.Provenance)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
