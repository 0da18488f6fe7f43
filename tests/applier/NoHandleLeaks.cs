using Weir.Applier.Libbpf;
using Weir.Applier.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(NoHandleLeaks))]

namespace Weir.Applier.Tests;

/// <summary>Fails the run when a test, or what it tested, left a handle to the garbage collector.</summary>
public sealed class NoHandleLeaks : IDisposable
{
    private readonly List<string> _others = [];

    public NoHandleLeaks() => HandleLeaks.Enabled = true;

    /// <summary>Reports of handles made in a method so far; the others are kept for the end.</summary>
    public IReadOnlyList<string> TakeFrom(string method)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        ILookup<bool, string> reports = HandleLeaks.Take().ToLookup(report => report.Contains(method, StringComparison.Ordinal));
        _others.AddRange(reports[false]);
        return [.. reports[true]];
    }

    public void Dispose()
    {
        _ = TakeFrom("nowhere at all");
        if (_others.Count > 0)
        {
            throw new InvalidOperationException($"{_others.Count} handles were not disposed:\n{string.Join("\n", _others)}");
        }
    }
}
