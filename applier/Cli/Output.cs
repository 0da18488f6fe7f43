using Spectre.Console;

namespace Weir.Applier.Cli;

/// <summary>Standard output for people: 100 columns when it is no terminal, colour only when it is one and NO_COLOR is not set.</summary>
internal static class Output
{
    private const int PipedWidth = 100;

    public static IAnsiConsole Console { get; } = Create();

    /// <summary>A table without lines.</summary>
    /// <param name="numbers">So many of the last columns are set to the right; without any, the last column may wrap.</param>
    public static Table Table(string[] columns, int numbers)
    {
        Table table = new Table().NoBorder();
        for (int index = 0; index < columns.Length; index++)
        {
            TableColumn column = new(new Text(columns[index], new Style(decoration: Decoration.Dim))) { Padding = new Padding(0, 0, 2, 0), NoWrap = numbers > 0 || index < columns.Length - 1 };
            table.AddColumn(index >= columns.Length - numbers ? column.RightAligned() : column);
        }

        return table;
    }

    public static void Row(this Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    private static IAnsiConsole Create()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (System.Console.IsOutputRedirected)
        {
            console.Profile.Width = PipedWidth;
        }

        return console;
    }
}
