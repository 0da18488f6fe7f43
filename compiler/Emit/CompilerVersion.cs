using System.Reflection;

namespace Weir.Compiler.Emit;

/// <summary>This compiler's version, as a manifest names it.</summary>
public static class CompilerVersion
{
    public static string Text { get; } =
        typeof(CompilerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
