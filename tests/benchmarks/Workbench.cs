using System.Collections.Concurrent;
using System.Diagnostics;
using Weir.Applier.Bench;
using Weir.Applier.Build;
using Weir.Testing;

namespace Weir.Benchmarks;

/// <summary>What cases share: the tools as a build left them, a scratch folder, bundles and objects made once.</summary>
internal sealed class Workbench : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weir-benchmarks-").FullName;
    private readonly ConcurrentDictionary<string, Lazy<Task<LoadedProgram>>> _loaded = new(StringComparer.Ordinal);

    private Workbench(ObjectBuilder builder, byte[] harness, byte[] floor)
    {
        Builder = builder;
        Harness = harness;
        Floor = floor;
    }

    public ObjectBuilder Builder { get; }

    public byte[] Harness { get; }

    public byte[] Floor { get; }

    public static string Tool(string name) => Path.Combine(RepositoryRoot.Path, "artifacts", "bin", name);

    public static async Task<Workbench> OpenAsync(CancellationToken cancellation)
    {
        ObjectBuilder builder = new(await Clang.FindAsync(cancellation: cancellation));
        return new Workbench(builder, await BenchObjects.HarnessAsync(builder, cancellation: cancellation), await BenchObjects.FloorAsync(builder, cancellation));
    }

    /// <summary>A new empty folder that goes with the workbench.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("n"))).FullName;

    /// <summary>The topology compiled, built and loaded, once per run.</summary>
    public Task<LoadedProgram> LoadAsync(BenchTopology topology, CancellationToken cancellation) =>
        _loaded.GetOrAdd(topology.ToString(), _ => new(() => LoadedProgram.LoadAsync(TopologyOf.DataPlane(topology), Builder, cancellation))).Value;

    /// <summary>The topology in a folder likewise.</summary>
    public async Task<LoadedProgram> LoadAsync(string topology, string site, CancellationToken cancellation)
    {
        string bundle = NewFolder();
        await RunAsync(Tool("weir"), ["build", topology, "--site", site, "-o", bundle], cancellation);
        return await LoadedProgram.LoadAsync(bundle, Builder, cancellation);
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>How long the whole process took.</returns>
    /// <exception cref="InvalidOperationException">It failed; its output is in the message.</exception>
    public static async Task<TimeSpan> RunAsync(string file, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation), errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        string said = await output + await errors;
        return process.ExitCode == 0
            ? took
            : throw new InvalidOperationException($"{Path.GetFileName(file)} {string.Join(' ', arguments)} failed: {said.Trim()}");
    }

    public void Dispose()
    {
        foreach (Lazy<Task<LoadedProgram>> loaded in _loaded.Values)
        {
            if (loaded is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            {
                loaded.Value.Result.Dispose();
            }
        }

        Directory.Delete(_folder, recursive: true);
    }
}
