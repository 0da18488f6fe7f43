using System.Text;
using Weir.Applier.Build;

namespace Weir.Applier.Bench;

/// <summary>The benchmark's own programs; their sources travel inside this library.</summary>
public static class BenchObjects
{
    /// <summary>The object of <c>bpf/bench/harness.bpf.c</c>.</summary>
    /// <param name="frags">Whether the program under test is an <c>xdp.frags</c> program: tail calls need two of a kind.</param>
    /// <exception cref="BuildException">clang refused it.</exception>
    public static Task<byte[]> HarnessAsync(ObjectBuilder builder, bool frags = false, CancellationToken cancellation = default) =>
        BuildAsync(builder, "harness", frags ? "#define BENCH_SECTION \"xdp.frags\"\n" : "", cancellation);

    /// <summary>The object of <c>bpf/bench/floor.bpf.c</c>.</summary>
    /// <exception cref="BuildException">clang refused it.</exception>
    public static Task<byte[]> FloorAsync(ObjectBuilder builder, CancellationToken cancellation = default) => BuildAsync(builder, "floor", "", cancellation);

    private static async Task<byte[]> BuildAsync(ObjectBuilder builder, string name, string before, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(builder);
        await using Stream stream = typeof(BenchObjects).Assembly.GetManifestResourceStream($"bpf/bench/{name}.bpf.c")!;
        using StreamReader reader = new(stream);
        string source = before + await reader.ReadToEndAsync(cancellation);
        return (await builder.BuildAsync(Encoding.UTF8.GetBytes(source), cpus: 1, cancellation)).Elf;
    }
}
