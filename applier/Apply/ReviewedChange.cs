using System.Text.RegularExpressions;

namespace Weir.Applier.Apply;

/// <summary>The one change that was reviewed: from the bundle that is live to another, as a plan prints it.</summary>
/// <param name="Base">The first 12 to 64 hex digits of the live generation's bundle digest; null: nothing is live.</param>
/// <param name="Head">The same of the bundle to apply.</param>
public sealed partial record ReviewedChange(string? Base, string Head)
{
    private const string Nothing = "none";

    /// <summary>Reads <c>BASE..HEAD</c>; <c>none</c> as BASE says that nothing is live.</summary>
    /// <exception cref="ApplierException">The text is neither.</exception>
    public static ReviewedChange Parse(string text)
    {
        Match match = Form().Match(text);
        return match.Success
            ? new ReviewedChange(match.Groups[1].Value == Nothing ? null : match.Groups[1].Value, match.Groups[2].Value)
            : throw new ApplierException(
                ExitCode.Usage,
                $"--digest {text}: give BASE..HEAD, each 12 to 64 hex digits as `weir plan` and `weir build` print them; BASE may be {Nothing} where nothing is live.");
    }

    /// <summary>Refuses a bundle that is not the reviewed one.</summary>
    /// <exception cref="ApplierException">With exit code 3.</exception>
    public void RequireHead(string bundleDigest)
    {
        if (!bundleDigest.StartsWith(Head, StringComparison.Ordinal))
        {
            throw ApplierException.Refused(
                $"The bundle is {bundleDigest}, the reviewed plan ends in {Head}: this is not the bundle that was reviewed. Nothing was changed. Build it from the reviewed commit, or plan again.");
        }
    }

    /// <summary>Refuses when something else is live than the plan began with.</summary>
    /// <param name="liveDigest">Of the live generation's bundle; null when nothing of ours is live.</param>
    /// <exception cref="ApplierException">With exit code 3.</exception>
    public void RequireBase(string? liveDigest)
    {
        bool same = Base is null ? liveDigest is null : liveDigest?.StartsWith(Base, StringComparison.Ordinal) ?? false;
        if (!same)
        {
            throw ApplierException.Refused(
                $"The reviewed plan begins with {Base ?? Nothing}, live is {liveDigest ?? Nothing}: something else was applied since the plan. Nothing was changed. Plan again from what is live.");
        }
    }

    [GeneratedRegex(@"^(none|[0-9a-f]{12,64})\.\.([0-9a-f]{12,64})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
