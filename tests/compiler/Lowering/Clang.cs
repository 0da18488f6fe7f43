using System.Diagnostics;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Lowering;

/// <summary>Asks clang whether C text holds, static assertions included.</summary>
internal static class Clang
{
    public static async Task AssertAccepts(string source)
    {
        string[] arguments = ["-target", "bpf", "-O2", "-Wall", "-Werror", "-fsyntax-only", "-DWEIR_CPUS=4", "-I", Path.Combine(RepositoryRoot.Path, "bpf"), "-x", "c", "-"];
        using Process clang = Process.Start(new ProcessStartInfo("clang-16", arguments) { RedirectStandardInput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("clang-16 does not start.");
        await clang.StandardInput.WriteAsync(source.AsMemory(), TestContext.Current.CancellationToken);
        clang.StandardInput.Close();
        string errors = await clang.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await clang.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", errors);
        Assert.Equal(0, clang.ExitCode);
    }
}
