using System.Diagnostics;
using System.Text;
using Weir.Compiler.Lowering;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Lowering;

public sealed class LayoutTests
{
    /// <summary>clang itself says whether each offset and size is the one that images are written with.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(0, 4)]
    [InlineData(9, 7)]
    public async Task Clang_lays_out_every_structure_as_we_do(int vip4Bits, int vip6Bits)
    {
        var sizes = new TableSizes(vip4Bits, vip6Bits, 64, 1, 4096, 0, 33, 3);
        var source = new StringBuilder("#include \"weir/layout.h\"\n");
        foreach (CStruct made in new[] { Layouts.Vips(sizes), Layouts.Counters(sizes) }.OfType<CStruct>())
        {
            source.Append($"struct {made.Name} {{ {string.Concat(made.Members.Select(m => m.Declaration + "; "))}}} __attribute__((aligned({made.Align})));\n");
        }

        foreach (CStruct layout in Layouts.All(sizes, true).Concat(Layouts.All(sizes, false)))
        {
            source.Append($"_Static_assert(sizeof(struct {layout.Name}) == {layout.Size}, \"{layout.Name}\");\n");
            foreach (CMember member in layout.Members)
            {
                source.Append($"_Static_assert(__builtin_offsetof(struct {layout.Name}, {member.Name}) == {member.Offset}, \"{layout.Name}.{member.Name}\");\n");
                source.Append($"_Static_assert(sizeof(((struct {layout.Name} *)0)->{member.Name}) == {member.Size}, \"{layout.Name}.{member.Name}\");\n");
            }
        }

        using Process clang = Process.Start(new ProcessStartInfo("clang-16", ["-target", "bpf", "-Wall", "-Werror", "-fsyntax-only", "-I", Path.Combine(RepositoryRoot.Path, "bpf"), "-x", "c", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        })!;
        await clang.StandardInput.WriteAsync(source, TestContext.Current.CancellationToken);
        clang.StandardInput.Close();
        string errors = await clang.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await clang.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", errors);
        Assert.Equal(0, clang.ExitCode);
    }
}
