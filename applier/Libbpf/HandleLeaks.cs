using System.Collections.Concurrent;

namespace Weir.Applier.Libbpf;

/// <summary>Reports handles that the garbage collector had to close because nobody disposed them: a descriptor kept too long keeps
/// a program or a map alive. On in debug builds.</summary>
public static class HandleLeaks
{
    private static readonly ConcurrentQueue<string> s_reports = new();

    /// <summary>Whether leaks are recorded, each with the place its handle was made at; set it before the handles are made.</summary>
    public static bool Enabled { get; set; }
#if DEBUG
        = true;
#endif

    /// <summary>Takes the reports made so far: what leaked, and the stack that made it.</summary>
    public static IReadOnlyList<string> Take()
    {
        List<string> reports = [];
        while (s_reports.TryDequeue(out string? report))
        {
            reports.Add(report);
        }

        return reports;
    }

    internal static string? Origin() => Enabled ? Environment.StackTrace : null;

    internal static void Report(string what, string? origin)
    {
        if (origin is not null)
        {
            s_reports.Enqueue($"{what} was not disposed; made {origin.TrimStart()}");
        }
    }
}
