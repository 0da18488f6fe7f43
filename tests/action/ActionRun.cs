using System.Diagnostics;
using System.Text.RegularExpressions;
using Weir.Testing;
using Xunit;

namespace Weir.Action.Tests;

/// <summary>One run of the action's script, with a runner's environment and nothing else of this process's.</summary>
internal sealed partial record ActionRun(int ExitCode, string Log, string Summary, IReadOnlyDictionary<string, string> Outputs)
{
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, ".github/actions/plan");

    /// <param name="name">Of the event.</param>
    /// <param name="payload">Its file's text.</param>
    /// <param name="environment">Inputs as <c>WEIR_*</c> and what else differs from the usual.</param>
    public static async Task<ActionRun> OfAsync(Repository repository, string name, string payload, string weir, string api, params IEnumerable<(string Name, string Value)> environment)
    {
        string scratch = repository.Scratch, output = Path.Combine(scratch, "output"), summary = Path.Combine(scratch, "summary");
        await File.WriteAllTextAsync(Path.Combine(scratch, "event.json"), payload);
        await File.WriteAllTextAsync(output, "");
        await File.WriteAllTextAsync(summary, "");
        ProcessStartInfo start = new("/bin/bash", [Path.Combine(Folder, "plan.sh")]) { WorkingDirectory = repository.Workspace, RedirectStandardOutput = true, RedirectStandardError = true };
        Dictionary<string, string> own = new(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = scratch,
            ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../..")),
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_EVENT_NAME"] = name,
            ["GITHUB_EVENT_PATH"] = Path.Combine(scratch, "event.json"),
            ["GITHUB_REPOSITORY"] = "example/edge",
            ["GITHUB_SHA"] = Repository.Git(repository.Workspace, "rev-parse", "HEAD"),
            ["GITHUB_RUN_ID"] = "4711",
            ["GITHUB_WORKSPACE"] = repository.Workspace,
            ["GITHUB_OUTPUT"] = output,
            ["GITHUB_STEP_SUMMARY"] = summary,
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_API_URL"] = api,
            ["RUNNER_TEMP"] = scratch,
            ["WEIR_PATH"] = weir,
            ["WEIR_TOKEN"] = "a-token",
            ["WEIR_RETRY_SECONDS"] = "0",
        };
        start.Environment.Clear();
        foreach ((string key, string value) in own.Select(pair => (pair.Key, pair.Value)).Concat(environment))
        {
            start.Environment[key] = value;
        }

        using Process process = Process.Start(start)!;
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> log = process.StandardOutput.ReadToEndAsync(cancellation), error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new ActionRun(
            process.ExitCode,
            await log + await error,
            await File.ReadAllTextAsync(summary, cancellation),
            Read(await File.ReadAllTextAsync(output, cancellation)));
    }

    /// <summary>The log's lines that the runner takes for commands: <c>::error …::text</c> and the like.</summary>
    public IEnumerable<string> Commands
    {
        get
        {
            string? resume = null;
            foreach (string line in Log.Split('\n'))
            {
                if (resume is not null)
                {
                    resume = line == $"::{resume}::" ? null : resume;
                }
                else if (line.StartsWith("::stop-commands::", StringComparison.Ordinal))
                {
                    resume = line["::stop-commands::".Length..];
                }
                else if (line.StartsWith("::", StringComparison.Ordinal))
                {
                    yield return line;
                }
            }
        }
    }

    /// <summary>As the runner reads the file.</summary>
    private static Dictionary<string, string> Read(string text) =>
        Output().Matches(text).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value, StringComparer.Ordinal);

    [GeneratedRegex(@"^(?<name>[^<\n]+)<<(?<end>.+)\n(?<value>(?:.|\n)*?)\n\k<end>$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Output();
}
