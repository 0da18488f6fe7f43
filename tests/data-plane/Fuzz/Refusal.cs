using System.Globalization;
using Weir.Applier.Build;
using Weir.Applier.Libbpf;
using Weir.Compiler.Emit;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model;
using Weir.DataPlaneTests.Harness;
using Weir.Testing;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Tells why a generated program could not be compiled or loaded, and keeps its text.</summary>
internal static class Refusal
{
    private const int LogLines = 25;

    public static string Describe(Exception refusal, DataPlane plane, HostState host, string name)
    {
        string folder = Path.Combine(RepositoryRoot.Path, "artifacts", "fuzz");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}.bpf.c"));
        File.WriteAllText(file, ProgramEmitter.Emit(plane));
        string log = refusal switch
        {
            BpfException { VerifierLog: string verifier } => string.Join('\n', verifier.Split('\n').TakeLast(LogLines)),
            BuildException build => build.ToString(),
            _ => string.Empty,
        };
        return $"The program in {file} is refused: {refusal.Message}\n{Disagreement.Summary(plane.Plan, host)}{log}";
    }
}
