using System.Collections.Immutable;
using System.Globalization;

namespace Weir.Compiler.Import;

/// <summary>Collects notes; the same thing said of many lines is said once, of the first.</summary>
internal sealed class ImportNotes
{
    private const int MostErrors = 20;

    private readonly List<(int Line, string What, string Help, bool Error)> _notes = [];

    public void LeaveOut(int line, string what, string help) => _notes.Add((line, what, help, false));

    public void Fail(int line, string what, string help)
    {
        if (_notes.Count(n => n.Error) < MostErrors)
        {
            _notes.Add((line, what, help, true));
        }
    }

    public ImmutableArray<ImportNote> ToImmutable() =>
    [
        .. _notes.GroupBy(n => (n.What, n.Help, n.Error)).Select(g => (First: g.MinBy(n => n.Line), Count: g.Count()))
            .OrderBy(g => g.First.Line).ThenBy(g => g.First.What, StringComparer.Ordinal)
            .Select(g => new ImportNote(
                g.First.Line,
                g.Count == 1 ? g.First.What : string.Create(CultureInfo.InvariantCulture, $"{g.First.What} ({g.Count} places)"),
                g.First.Help,
                g.First.Error)),
    ];
}
