using Weir.Testing;

namespace Weir.Action.Tests;

/// <summary>Payloads as the forge sends them, with this repository's commits.</summary>
internal static class Events
{
    public static string PullRequest(Repository repository, string action = "opened", string owner = "example", string title = "Add a machine") =>
        Read("pull_request", repository, title).Replace("ACTION", action, StringComparison.Ordinal).Replace("HEAD_OWNER", owner, StringComparison.Ordinal)
            .Replace("HEAD_SHA", repository.Head, StringComparison.Ordinal).Replace("BASE_SHA", repository.Start, StringComparison.Ordinal);

    public static string Push(Repository repository, string before, string after, string title = "Add a machine") =>
        Read("push", repository, title).Replace("BEFORE_SHA", before, StringComparison.Ordinal).Replace("HEAD_SHA", after, StringComparison.Ordinal);

    public static string MergeGroup(Repository repository) =>
        Read("merge_group", repository, "Merge").Replace("HEAD_SHA", repository.Merge, StringComparison.Ordinal).Replace("BASE_SHA", repository.Main, StringComparison.Ordinal);

    public static string Dispatch(Repository repository) => Read("workflow_dispatch", repository, "");

    private static string Read(string name, Repository repository, string title) =>
        File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests/action/events", name + ".json"))
            .Replace("\"TITLE\"", System.Text.Json.JsonSerializer.Serialize(title), StringComparison.Ordinal)
            .Replace("BRANCH", repository.Branch.Replace("\"", "\\\"", StringComparison.Ordinal), StringComparison.Ordinal);
}
