using System.Reflection;
using System.Text;
using Weir.Compiler.Diagnostics;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Diagnostics;

/// <summary>Every code of the table can be constructed, is unique and is shown by a case.</summary>
public sealed class DiagnosticTableTests
{
    /// <summary>Codes that no file of ordinary size can cause; who tests them instead.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["WEIR1005"] = nameof(Syntax.HostileInputTests),
        ["WEIR1020"] = nameof(Sources.TopologyDirectoryTests),
        ["WEIR1199"] = nameof(Structure.SchemaTests),
        ["WEIR1211"] = nameof(Cli.BuildCommandTests),
        ["WEIR1212"] = "two equal 64-bit hashes",
        ["WEIR1233"] = nameof(Checks.SourceLimitTests),
        ["WEIR1234"] = nameof(Checks.SourceLimitTests),
        ["WEIR1431"] = nameof(Checks.FragmentCheckTests),
        ["WEIR1432"] = nameof(Checks.FragmentCheckTests),
        ["WEIR1516"] = nameof(Checks.EncapsulationLimitTests),
        ["WEIR1406"] = nameof(Checks.PoolLimitTests),
    };

    [Fact]
    public void Codes_are_unique_and_well_formed()
    {
        Diagnostic[] all = [.. All()];
        Assert.Equal(all.Length, all.Select(d => d.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.All(all, d => Assert.Matches("^WEIR1[0-7][0-9]{2}$", d.Code));
        Assert.All(all, d => Assert.False(d.Message.EndsWith('.') || d.Message.Length == 0, d.Message));
    }

    [Fact]
    public void Every_code_has_a_case()
    {
        string[] cases = [.. DiagnosticCaseTests.Names()];
        foreach (string code in All().Select(d => d.Code).Where(c => !Elsewhere.ContainsKey(c) && !IsOfTheGate(c)))
        {
            Assert.True(cases.Any(c => c.StartsWith(code[4..], StringComparison.Ordinal)), $"{code} has no case in {DiagnosticCaseTests.Folder}.");
        }
    }

    [Fact]
    public void The_table_is_documented()
    {
        StringBuilder table = new();
        foreach (Diagnostic diagnostic in All().OrderBy(d => d.Code, StringComparer.Ordinal))
        {
            table.Append(diagnostic.Code).Append(diagnostic.Severity == Severity.Error ? "  error    " : "  warning  ").Append(diagnostic.Message).Append('\n');
        }

        new BaselineCase("tests/compiler/Diagnostics/table").Output("codes.txt", table.ToString()).Verify();
    }

    /// <summary>They are about a change, not about a topology: <see cref="Plans.GateTests"/>.</summary>
    private static bool IsOfTheGate(string code) => code.StartsWith("WEIR16", StringComparison.Ordinal);

    internal static IEnumerable<Diagnostic> All() => typeof(Diagnose)
        .GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Where(m => m.ReturnType == typeof(Diagnostic))
        .Select(m => (Diagnostic)m.Invoke(null, [.. m.GetParameters().Select(Sample)])!);

    private static object? Sample(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var t when t == typeof(SourceSpan) => new SourceSpan("topology.yaml", 1, 1, 1, 2),
        var t when t == typeof(string) => parameter.Name!.ToUpperInvariant(),
        var t when t == typeof(char) => '[',
        var t when t == typeof(int) => 12,
        var t when t == typeof(long) => 12L,
        var t when t == typeof(IReadOnlyCollection<string>) => new[] { "one", "two" },
        var t => throw new InvalidOperationException($"No sample for {t}."),
    };
}
