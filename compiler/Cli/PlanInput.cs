using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Plans;
using Weir.Compiler.Sources;

namespace Weir.Cli;

/// <summary>Both revisions, read and checked, and the overrides on the way.</summary>
/// <param name="Base">Null when there is none, or when its files are the head's.</param>
/// <param name="SameFiles">Whether the two revisions hold the same files, so that only one was checked.</param>
/// <param name="Notes">About overrides that cannot be read.</param>
internal sealed record PlanInput(
    PlanRequest Request, TopologyInput? Base, TopologyInput Head, bool SameFiles, ImmutableArray<GateOverride> Overrides, ImmutableArray<Diagnostic> Notes)
{
    public string Root => Head.Root;

    public static PlanInput Read(PlanRequest request, CancellationToken cancellation)
    {
        bool same = !request.FromNothing && request.Head is { } head && TopologyRevision.AreEqual(request.Directory, request.Base, head);
        Task<TopologyInput?> before = Task.Run(
            () => same || request.FromNothing ? null : TopologyInput.Read(request.Directory, request.Base, cancellation), cancellation);
        TopologyInput after = TopologyInput.Read(request.Directory, request.Head, cancellation);
        (ImmutableArray<GateOverride> overrides, ImmutableArray<Diagnostic> notes) = ReadOverrides(request, cancellation);
        return new PlanInput(request, before.GetAwaiter().GetResult(), after, same, overrides, notes);
    }

    /// <summary>Writes what was found in either revision.</summary>
    /// <returns>Whether both can be compared.</returns>
    public bool Report(Terminal terminal)
    {
        Head.Report(Head.Result.Diagnostics, terminal);
        if (Notes.Length > 0)
        {
            terminal.Error.Write(new TextRenderer(Head.Sources, Root, terminal.ColorError).Render(Notes));
        }

        if (Base is { Result.Topology: null })
        {
            terminal.Error.WriteLine($"The base revision {Request.Base} does not compile:");
            Base.Report([.. Base.Result.Diagnostics.Where(d => d.Severity == Severity.Error)], terminal);
            terminal.Error.WriteLine($"Nothing was planned. To plan everything as new: --base {PlanRequest.Nothing}");
        }
        else if (Head.Result.Topology is null)
        {
            terminal.Error.WriteLine($"{TextRenderer.Summary(Head.Result.Diagnostics)}; nothing was planned");
        }

        return Base is not { Result.Topology: null } && Head.Result.Topology is not null;
    }

    private static (ImmutableArray<GateOverride>, ImmutableArray<Diagnostic>) ReadOverrides(PlanRequest request, CancellationToken cancellation)
    {
        List<GateOverride> overrides = [.. request.Allowed];
        List<Diagnostic> notes = [];
        // From nothing every commit there ever was would be on the way.
        foreach ((string value, string commit) in request.FromNothing ? [] : RevisionRange.Trailers(request.Directory, request.Base, request.Head, GateOverride.Trailer, cancellation))
        {
            if (GateOverride.Parse(value, commit) is { } allowed)
            {
                overrides.Add(allowed);
            }
            else
            {
                notes.Add(Diagnose.MalformedOverride(value, $"commit {commit[..12]}"));
            }
        }

        return ([.. overrides], [.. notes]);
    }
}
