using Weir.Lab.Processes;

namespace Weir.Lab.Tools;

/// <summary>A git repository with a topology in its root.</summary>
public sealed class TopologyRepository(string directory)
{
    public string Directory { get; } = directory;

    /// <summary>A new repository whose first commit holds the YAML files of <paramref name="source"/>.</summary>
    public static async Task<TopologyRepository> CreateAsync(string directory, string source, CancellationToken cancellation)
    {
        System.IO.Directory.CreateDirectory(directory);
        foreach (var file in System.IO.Directory.GetFiles(source, "*.yaml"))
        {
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        }

        var repository = new TopologyRepository(directory);
        await repository.GitAsync(cancellation, "init", "--quiet", "--initial-branch", "main");
        await repository.CommitAsync("Serve the web from three backends", cancellation);
        return repository;
    }

    /// <summary>The id of the newest commit.</summary>
    public async Task<string> HeadAsync(CancellationToken cancellation) => (await GitAsync(cancellation, "rev-parse", "HEAD")).Output.Trim();

    /// <summary>Commits what the files hold now.</summary>
    /// <returns>The commit's id.</returns>
    public async Task<string> CommitAsync(string message, CancellationToken cancellation)
    {
        await GitAsync(cancellation, "add", "--all");
        await GitAsync(cancellation, "-c", "user.name=Lab", "-c", "user.email=lab@example.net", "-c", "commit.gpgSign=false", "commit", "--quiet", "--message", message);
        return await HeadAsync(cancellation);
    }

    /// <summary>Changes the files by a patch and commits.</summary>
    /// <returns>The commit's id.</returns>
    public async Task<string> CommitPatchAsync(string patch, string message, CancellationToken cancellation)
    {
        await GitAsync(cancellation, "apply", patch);
        return await CommitAsync(message, cancellation);
    }

    private async Task<CommandResult> GitAsync(CancellationToken cancellation, params string[] arguments) =>
        (await Command.RunAsync("git", ["-C", Directory, .. arguments], cancellation)).Required();
}
