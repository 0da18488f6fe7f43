namespace Weir.Cli;

/// <summary>The form of a plan.</summary>
internal enum PlanFormat
{
    Text,
    Markdown,
    Json,
}
