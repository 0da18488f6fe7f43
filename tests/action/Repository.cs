using System.Diagnostics;
using System.Text;

namespace Weir.Action.Tests;

/// <summary>A remote repository in a folder and what a runner checks out of it: main has a topology, a branch changes it, and a merge of
/// the two is at refs/pull/7/merge, as the forge makes it.</summary>
internal sealed class Repository : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weir-action-").FullName;

    public Repository(string branch = "more-web", string? before = null, string? after = null, string message = "Add a machine")
    {
        Directory.CreateDirectory(Remote);
        Git(Remote, "init", "-q", "-b", "main");
        Root = Commit("Say what there is", before ?? Topology("web-1", "web-2", "web-3"));
        Start = Commit("Add a fourth", (before ?? Topology("web-1", "web-2", "web-3")) + "\n");
        Git(Remote, "checkout", "-q", "-b", branch);
        Head = Commit(message, after ?? Topology("web-1", "web-2", "web-3", "web-4"));
        Git(Remote, "checkout", "-q", "main");
        // The target branch has gone on since: the merge does not take that back.
        File.WriteAllText(Path.Combine(Remote, "notes.md"), "Not part of the topology.\n");
        Main = Commit("Note something");
        Git(Remote, "checkout", "-q", "--detach");
        Git(Remote, "merge", "-q", "--no-ff", "-m", "Merge", Head);
        Merge = Git(Remote, "rev-parse", "HEAD");
        Git(Remote, "update-ref", "refs/pull/7/merge", Merge);
        Git(Remote, "checkout", "-q", "main");
        Branch = branch;
    }

    public string Remote => Path.Combine(_folder, "remote");

    /// <summary>Where the runner works.</summary>
    public string Workspace => Path.Combine(_folder, "workspace");

    public string Scratch => Directory.CreateDirectory(Path.Combine(_folder, "scratch")).FullName;

    /// <summary>Where <see cref="Compilers.Canned"/> can be put.</summary>
    public string CompilerFolder => Path.Combine(_folder, "compiler");

    /// <summary>How the compiler there has been called.</summary>
    public string[] Calls() => File.Exists(Path.Combine(CompilerFolder, "calls")) ? File.ReadAllLines(Path.Combine(CompilerFolder, "calls")) : [];

    public string Branch { get; }

    public string Root { get; }

    /// <summary>Where the branch began.</summary>
    public string Start { get; }

    public string Head { get; }

    public string Main { get; }

    public string Merge { get; }

    /// <summary>As actions/checkout does it: one commit, nothing but its own files, unless <paramref name="whole"/>.</summary>
    public void CheckOut(string commit, bool whole = false)
    {
        Directory.CreateDirectory(Workspace);
        Git(Workspace, "init", "-q", "-b", "main");
        Git(Workspace, "remote", "add", "origin", "file://" + Remote);
        Git(Workspace, ["fetch", "-q", "--no-tags", .. whole ? (string[])["origin", "+refs/heads/*:refs/remotes/origin/*", commit] : ["--depth=1", "origin", commit]]);
        Git(Workspace, "checkout", "-q", "--detach", commit);
    }

    /// <summary>Commits what lies in the remote's work tree.</summary>
    public string Commit(string message, string? topology = null)
    {
        if (topology is not null)
        {
            string folder = Directory.CreateDirectory(Path.Combine(Remote, "topology")).FullName;
            File.WriteAllText(Path.Combine(folder, "all.yaml"), topology);
        }

        Git(Remote, "add", "-A");
        Git(Remote, "-c", "user.name=Mona", "-c", "user.email=mona@example.com", "commit", "-q", "-m", message);
        return Git(Remote, "rev-parse", "HEAD");
    }

    public static string Topology(params IEnumerable<string> backends)
    {
        StringBuilder text = new("""
            sites:
              ams1:
                hosts: { lb1: { interface: eth0 } }
                encapsulation: { type: ipip, source: 10.10.0.1 }
                nextHop: { gateway: 10.10.0.254 }
            vips:
              www: { address: 203.0.113.10, ports: [tcp/443], pool: web, sites: [ams1] }
            pools:
              web:
                backends:

            """);
        foreach (string backend in backends)
        {
            text.Append("      - { name: ").Append(backend).Append(", address: 10.1.0.").Append(10 + backend[^1] - '0').Append(" }\n");
        }

        return text.ToString();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static string Git(string folder, params IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string who in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{who}_NAME"] = "Mona";
            start.Environment[$"GIT_{who}_EMAIL"] = "mona@example.com";
            start.Environment[$"GIT_{who}_DATE"] = "2025-06-01T12:00:00Z";
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error.Result}");
    }
}
