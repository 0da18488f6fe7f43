using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Weir.Compiler.Emit;
using Weir.Compiler.Plans;

namespace Weir.Cli;

/// <summary>Asks <c>weir-applier inspect</c> what the programs before and after cost: clang and the kernel are needed for that, and it stays outside of the
/// plan's digest. Whatever goes wrong is said in the plan and hinders nothing.</summary>
internal sealed class PlanCosts(PlanRequest request, TextWriter progress)
{
    private const string Applier = "weir-applier";

    /// <summary>For one bundle: a program of any size takes clang and the verifier a few seconds; measuring takes some more.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Adds costs to the sites whose program is built, and with <c>--measure</c> to every site that changes.</summary>
    public TopologyPlan AddTo(TopologyPlan plan, CompiledRevision before, CompiledRevision after, CancellationToken cancellation)
    {
        SiteChange[] sites = [.. plan.Sites.Where(s => s.Action is ChangeAction.Add or ChangeAction.Change && (s.Kind == KindOfChange.Program || request.Measure))];
        if (sites.Length == 0)
        {
            return plan;
        }

        string? applier = Find();
        if (applier is not null)
        {
            progress.WriteLine($"inspecting the programs of {Plural.Of(sites.Length, "site")} with {Applier} ...");
        }

        ConcurrentDictionary<string, SiteCosts> costs = new(StringComparer.Ordinal);
        ParallelOptions options = new() { CancellationToken = cancellation, MaxDegreeOfParallelism = request.Measure ? 1 : Environment.ProcessorCount };
        Parallel.ForEach(sites, options, site => costs[site.Site] = new SiteCosts(
            Cost(applier, before.Sites.GetValueOrDefault(site.Site)?.Bundle, cancellation), Cost(applier, after.Sites.GetValueOrDefault(site.Site)?.Bundle, cancellation)));
        return plan with { Sites = [.. plan.Sites.Select(s => costs.TryGetValue(s.Site, out SiteCosts? found) ? s with { Costs = found } : s)] };
    }

    /// <summary>Beside this tool, or in <c>PATH</c>.</summary>
    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Prepend(AppContext.BaseDirectory)
        .Select(folder => Path.Combine(folder, Applier))
        .FirstOrDefault(File.Exists);

    private ProgramCost? Cost(string? applier, Bundle? bundle, CancellationToken cancellation)
    {
        if (bundle is null)
        {
            return null;
        }

        if (applier is null)
        {
            return Unknown($"{Applier} is neither beside weir nor in PATH");
        }

        string folder = Directory.CreateTempSubdirectory("weir-plan-").FullName;
        try
        {
            string directory = Path.Combine(folder, "bundle");
            BundleFolder.Write(bundle, directory);
            return Inspect(applier, directory, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return Unknown($"{Applier} could not be asked");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private ProgramCost Inspect(string applier, string bundle, CancellationToken cancellation)
    {
        string[] measure = request.Measure ? ["--measure"] : [];
        ProcessStartInfo start = new(applier, ["inspect", "--bundle", bundle, "--json", .. measure]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process child = Process.Start(start) ?? throw new InvalidOperationException("no process");
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(request.Measure ? 5 * Deadline : Deadline);
        try
        {
            Task<string> output = child.StandardOutput.ReadToEndAsync(deadline.Token);
            Task<string> errors = child.StandardError.ReadToEndAsync(deadline.Token);
            child.WaitForExitAsync(deadline.Token).GetAwaiter().GetResult();
            string said = output.GetAwaiter().GetResult();
            string first = errors.GetAwaiter().GetResult().Split('\n')[0].Trim();
            return said.Length > 0 ? Read(said) : Unknown(first.Length > 0 ? first : $"{Applier} ended with code {child.ExitCode}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Unknown($"{Applier} took too long");
        }
        finally
        {
            if (!child.HasExited)
            {
                child.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary><c>schemas/inspect.schema.json</c>.</summary>
    private static ProgramCost Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        return new ProgramCost(
            Number("instructions"),
            Number("jitedBytes"),
            Number("verifiedInstructions"),
            Number("mapBytes"),
            root.TryGetProperty("nsPerPacket", out JsonElement ns) && ns.ValueKind == JsonValueKind.Number ? ns.GetDecimal() : null,
            root.TryGetProperty("why", out JsonElement why) ? why.GetString() : null);

        long? Number(string name) => root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
    }

    private static ProgramCost Unknown(string why) => new(null, null, null, null, null, why);
}
