using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Weir.Applier.Build;

/// <summary>The C compiler of this host.</summary>
/// <param name="Path">The executable.</param>
/// <param name="Major">Its major version.</param>
/// <param name="Version">All it says of itself; part of an object's cache key.</param>
public sealed partial record Clang(string Path, int Major, string Version)
{
    /// <summary>The oldest version that compiles what we generate.</summary>
    public const int OldestMajor = 14;

    /// <summary>Names a clang, before any other.</summary>
    public const string Variable = "WEIR_CLANG";

    /// <summary>The compiler given, or else the one that <c>WEIR_CLANG</c> names, or else <c>clang</c> on the PATH, or else
    /// the newest <c>clang-N</c> there.</summary>
    /// <exception cref="BuildException">There is none, or it is too old, or not for BPF.</exception>
    public static async Task<Clang> FindAsync(string? given = null, CancellationToken cancellation = default)
    {
        string? named = given ?? Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            return await AskAsync(OnPath(named) ?? throw new BuildException($"There is no compiler {named}."), cancellation);
        }

        foreach (string candidate in Candidates())
        {
            Clang clang = await AskAsync(candidate, cancellation);
            if (clang.Major >= OldestMajor)
            {
                return clang;
            }
        }

        throw new BuildException($"No clang of version {OldestMajor} or newer is on the PATH: apt-get install clang, or name one in {Variable}.");
    }

    private static async Task<Clang> AskAsync(string path, CancellationToken cancellation)
    {
        ProcessStartInfo start = new(path, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Clear();
        using Process process = Process.Start(start) ?? throw new BuildException($"{path} does not start.");
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        string text = (await process.StandardOutput.ReadToEndAsync(cancellation)).Trim();
        await errors;
        await process.WaitForExitAsync(cancellation);
        Match version = VersionNumber().Match(text);
        if (process.ExitCode != 0 || !version.Success)
        {
            throw new BuildException($"{path} is no clang.");
        }

        int major = int.Parse(version.Groups[1].Value, CultureInfo.InvariantCulture);
        return major >= OldestMajor
            ? new Clang(path, major, text)
            : throw new BuildException($"{path} is version {major}; {OldestMajor} is the oldest that will do. Name another in {Variable}.");
    }

    private static IEnumerable<string> Candidates()
    {
        if (OnPath("clang") is { } plain)
        {
            return [plain];
        }

        return Folders()
            .SelectMany(folder => Directory.EnumerateFiles(folder, "clang-*"))
            .Select(path => (Path: path, Match: NumberedName().Match(System.IO.Path.GetFileName(path))))
            .Where(found => found.Match.Success)
            .OrderByDescending(found => int.Parse(found.Match.Groups[1].Value, CultureInfo.InvariantCulture))
            .Select(found => found.Path);
    }

    private static string? OnPath(string name) => name.Contains('/', StringComparison.Ordinal)
        ? (File.Exists(name) ? System.IO.Path.GetFullPath(name) : null)
        : Folders().Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Folders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries).Where(Directory.Exists);

    [GeneratedRegex(@"clang version (\d+)\.")]
    private static partial Regex VersionNumber();

    [GeneratedRegex(@"^clang-(\d+)$")]
    private static partial Regex NumberedName();
}
