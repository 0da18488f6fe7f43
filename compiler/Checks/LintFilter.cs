using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Checks;

/// <summary>Applies what a topology says of lint rules: the levels below <c>lint</c>, and <c># weir-disable-next-line RULE reason</c>.</summary>
internal sealed class LintFilter
{
    public const string NextLine = DirectiveComments.Prefix + "-next-line";

    private readonly Dictionary<string, LintLevel> _levels = new(StringComparer.Ordinal);
    private readonly List<Disable> _disables = [];
    private readonly List<Diagnostic> _own = [];

    public LintFilter(SyntaxTree tree)
    {
        foreach (MappingEntry entry in tree.Root.Mapping("lint")?.Entries ?? [])
        {
            if (LintRules.All.FirstOrDefault(r => r.Name == entry.Key.Text) is not { } rule)
            {
                _own.Add(Diagnose.UnknownRule(entry.Key.Span, entry.Key.Text, Suggestion.For(entry.Key.Text, LintRules.All.Select(r => r.Name))));
            }
            else if (entry.Value is ScalarNode { Kind: ScalarKind.Text, Text: var text } && Enum.TryParse(text, ignoreCase: true, out LintLevel level))
            {
                _levels[rule.Code] = level;
            }
        }

        foreach (DirectiveComment comment in tree.Directives)
        {
            Read(comment);
        }
    }

    /// <summary>The findings that are left, each at the level wanted.</summary>
    /// <param name="complete">Whether every rule was applied, so that it can be said which comments hide nothing.</param>
    public IEnumerable<Diagnostic> Apply(IReadOnlyCollection<Diagnostic> diagnostics, bool complete)
    {
        List<Diagnostic> kept = [.. diagnostics.Select(Filter).OfType<Diagnostic>()];
        if (complete && _own.Count == 0)
        {
            // In two steps: a comment may disable the finding about another.
            foreach (bool about in new[] { false, true })
            {
                kept.AddRange(_disables
                    .Where(d => !d.Used && (d.Rule.Name == LintRules.UnusedDisable) == about)
                    .Select(d => Filter(Diagnose.UnusedDisable(d.Span, d.Rule.Name)))
                    .OfType<Diagnostic>());
            }
        }

        return kept.Concat(_own);
    }

    /// <summary>Errors are no advice, whatever their code's rule says of the warning.</summary>
    private Diagnostic? Filter(Diagnostic diagnostic)
    {
        if (diagnostic.Severity != Severity.Warning || LintRules.OfCode(diagnostic.Code) is not { } rule)
        {
            return diagnostic;
        }

        bool disabled = false;
        foreach (Disable disable in _disables.Where(d => d.Rule == rule && d.Span.File == diagnostic.Span.File && d.Line == diagnostic.Span.Line))
        {
            disable.Used = true;
            disabled = true;
        }

        return _levels.GetValueOrDefault(rule.Code, rule.Level) switch
        {
            _ when disabled => null,
            LintLevel.Off => null,
            LintLevel.Error => diagnostic with { Severity = Severity.Error },
            _ => diagnostic,
        };
    }

    private void Read(DirectiveComment comment)
    {
        (string directive, SourceSpan place) = comment.Words[0];
        if (directive != NextLine)
        {
            _own.Add(Diagnose.UnknownDirective(place, directive, NextLine));
            return;
        }

        if (comment.Words is not [_, (var name, var span), ..])
        {
            _own.Add(Diagnose.UnknownRule(place, "", suggestion: null));
        }
        else
        {
            Read(name, span, comment);
        }
    }

    /// <summary>A rule that was probably meant is disabled all the same: one finding is enough.</summary>
    private void Read(string name, SourceSpan span, DirectiveComment comment)
    {
        LintRule? rule = LintRules.Find(name);
        if (rule is null && DiagnosticPage.Codes.Contains(name.ToUpperInvariant()))
        {
            _own.Add(Diagnose.NotDisablable(span, name));
        }
        else if (rule is null)
        {
            string? suggestion = Suggestion.For(name, LintRules.All.Select(r => r.Name).Concat(LintRules.All.Select(r => r.Code)));
            _own.Add(Diagnose.UnknownRule(span, name, suggestion));
            rule = suggestion is null ? null : LintRules.Find(suggestion);
        }
        else if (comment.Words.Count < 3)
        {
            _own.Add(Diagnose.DisableWithoutReason(span, name));
        }

        if (rule is not null)
        {
            _disables.Add(new Disable(rule, span, comment.Line));
        }
    }

    private sealed record Disable(LintRule Rule, SourceSpan Span, int Line)
    {
        public bool Used { get; set; }
    }
}
