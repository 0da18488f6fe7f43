namespace Weir.Compiler.Plans.Text;

/// <summary>A line of a site's part of a plan, before it is known how wide the page is.</summary>
/// <param name="Mark"><c>+</c>, <c>-</c>, <c>~</c> or a blank.</param>
/// <param name="Indent">Columns after the mark.</param>
/// <param name="Text">What it is about.</param>
/// <param name="Place">File and line, or empty.</param>
/// <param name="Note">What it means, or empty.</param>
internal readonly record struct PlanLine(char Mark, int Indent, string Text, string Place = "", string Note = "");
