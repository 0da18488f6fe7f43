using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Checks;

/// <summary><c>requires.weir</c>: another version may read the same text differently, so it refuses.</summary>
internal static class VersionCheck
{
    public static IEnumerable<Diagnostic> Check(MappingNode root)
    {
        if (root.Mapping("requires")?.Text("weir") is { } required && Version.TryParse(required.Value, out _)
            && !CompilerVersion.Text.StartsWith(required.Value + ".", StringComparison.Ordinal))
        {
            yield return Diagnose.OtherVersion(required.Span, required.Value, CompilerVersion.Text);
        }
    }
}
