namespace Weir.Action.Tests;

/// <summary>What is given to the action as <c>weir</c>.</summary>
internal static class Compilers
{
    /// <summary>The real one, as this project's build left it.</summary>
    public static string Real { get; } = Path.Combine(AppContext.BaseDirectory, "weir");

    /// <summary>One that answers at once with what it is told, and writes its arguments to <c>calls</c> beside it: for tests of what the
    /// script does with a plan, whatever the plan.</summary>
    public static string Canned(string folder, string markdown = "## topology: 1 change\n", string json = Plan, int exit = 0, int validate = 0, string findings = "")
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "plan.md"), markdown);
        File.WriteAllText(Path.Combine(folder, "plan.json"), json);
        File.WriteAllText(Path.Combine(folder, "findings"), findings);
        string path = Path.Combine(folder, "weir");
        File.WriteAllText(path, $$"""
            #!/usr/bin/env bash
            here=$(dirname "$0")
            printf '%s\n' "$*" >> "$here/calls"
            case "$*" in
                validate*--format*) exit {{validate}} ;;
                validate*) cat "$here/findings" >&2; exit {{validate}} ;;
                plan*json*) cat "$here/plan.json"; exit {{exit}} ;;
                plan*) cat "$here/plan.md"; exit {{exit}} ;;
            esac
            exit 64

            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public const string Plan = """{ "schema": 1, "changes": true, "risk": "low", "refused": false, "digest": "0123" }""";
}
