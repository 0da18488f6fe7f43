using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Weir.Compiler.Emit;

namespace Weir.Applier.Tests.Apply;

/// <summary>Bundles whose digests all hold and whose program is another one: what only clang, the verifier or the proof can notice.</summary>
internal static class Tampering
{
    public static Bundle WithProgram(this Bundle bundle, Func<string, string> change)
    {
        VerifiedBundle verified = BundleReader.Read(bundle).Bundle ?? throw new InvalidOperationException("The bundle is damaged.");
        string source = change(verified.Source);
        if (source == verified.Source)
        {
            throw new InvalidOperationException("Nothing was changed.");
        }

        ManifestProgram program = verified.Manifest.Program;
        Manifest manifest = verified.Manifest with { Program = program with { Digest = ProgramDigest.Of(program.Source, source) } };
        return new Bundle(bundle.Files
            .SetItem(program.Source, Immutable(Encoding.UTF8.GetBytes(source)))
            .SetItem(Bundle.ManifestPath, Immutable(ManifestWriter.Serialize(manifest))));
    }

    private static ImmutableArray<byte> Immutable(byte[] bytes) => ImmutableCollectionsMarshal.AsImmutableArray(bytes);
}
