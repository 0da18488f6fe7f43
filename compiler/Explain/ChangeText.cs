using System.Text;

namespace Weir.Compiler.Explain;

/// <summary>A comparison for people, to stand below an explanation.</summary>
public static class ChangeText
{
    /// <param name="other">What was compared with, as the user named it.</param>
    public static string Render(ExplanationChange change, string other)
    {
        StringBuilder text = new();
        text.Append($"against {other}: ").Append(Sentence(change)).Append('\n');
        foreach (string cause in change.Because)
        {
            text.Append("  because ").Append(cause).Append('\n');
        }

        return text.ToString();
    }

    private static string Sentence(ExplanationChange change) => change.Kind switch
    {
        FlowChangeKind.Same => "the same",
        FlowChangeKind.Moves => $"moves from {Server(change.Before!)} to {Server(change.After)}",
        FlowChangeKind.Rewrapped => $"stays with {Server(change.After)}, with another outer header",
        FlowChangeKind.Starts => $"goes to {Server(change.After)}, and was {(change.Before is { } before ? ExplanationText.Outcome(before) : "not seen by this site")}",
        FlowChangeKind.Stops => $"is {ExplanationText.Outcome(change.After)}; went to {Server(change.Before!)}",
        _ => change.Before is { } other ? $"was {ExplanationText.Outcome(other)}" : "the site is new",
    };

    private static string Server(Explanation explanation) => $"pools.{explanation.Ring!.Pool} {explanation.Backend!.Name} ({explanation.Backend.Address})";
}
