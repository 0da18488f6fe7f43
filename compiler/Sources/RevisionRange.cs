using System.Collections.Immutable;
using LibGit2Sharp;

namespace Weir.Compiler.Sources;

/// <summary>What git says of the way from one revision to another.</summary>
public static class RevisionRange
{
    /// <summary>More commits than these are not looked through.</summary>
    public const int MostCommits = 10_000;

    /// <summary>Values of a trailer in the messages of all commits that <paramref name="head"/> has and <paramref name="from"/> has not,
    /// newest first. A trailer stands alone on a line of the message's last paragraph: <c>Key: value</c>.</summary>
    /// <param name="directory">As for <see cref="TopologyRevision.Read"/>.</param>
    /// <param name="head">Null for what is checked out.</param>
    /// <returns>Values with the ids of their commits; empty where git cannot resolve one of the revisions.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ImmutableArray<(string Value, string Commit)> Trailers(string directory, string from, string? head, string key, CancellationToken cancellation = default)
    {
        if (TopologyRevision.Find(directory) is not { } found)
        {
            return [];
        }

        try
        {
            using Repository repository = new(found);
            Commit? tip = head is null ? repository.Head.Tip : repository.Lookup(head)?.Peel<Commit>();
            Commit? start = repository.Lookup(from)?.Peel<Commit>();
            if (tip is null || start is null)
            {
                return [];
            }

            var values = ImmutableArray.CreateBuilder<(string, string)>();
            foreach (Commit commit in repository.Commits.QueryBy(new CommitFilter { IncludeReachableFrom = tip, ExcludeReachableFrom = start }).Take(MostCommits))
            {
                cancellation.ThrowIfCancellationRequested();
                values.AddRange(TrailersOf(commit.Message, key).Select(value => (value, commit.Sha)));
            }

            return values.ToImmutable();
        }
        catch (LibGit2SharpException)
        {
            return [];
        }
    }

    /// <summary>Values of the trailer in one message.</summary>
    public static IEnumerable<string> TrailersOf(string message, string key)
    {
        string text = message.ReplaceLineEndings("\n").TrimEnd();
        int paragraph = text.LastIndexOf("\n\n", StringComparison.Ordinal);
        return text[(paragraph + 1)..].Split('\n')
            .Where(line => line.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(key.Length + 1)..].Trim());
    }
}
