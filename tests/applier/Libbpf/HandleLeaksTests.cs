using System.Runtime.CompilerServices;
using Weir.Applier.Libbpf;
using Xunit;

namespace Weir.Applier.Tests.Libbpf;

public sealed class HandleLeaksTests(NoHandleLeaks leaks)
{
    [Fact]
    public async Task A_handle_nobody_disposed_is_reported_with_its_origin()
    {
        byte[] elf = await Programs.BuildAsync(Programs.Mark, TestContext.Current.CancellationToken);

        LeakThree(elf);
        List<string> reports = [];
        for (int i = 0; i < 100 && reports.Count < 3; i++)
        {
            reports.AddRange(leaks.TakeFrom($".{nameof(LeakThree)}("));
        }

        Assert.Contains(reports, report => report.StartsWith("A BPF object was not disposed", StringComparison.Ordinal));
        Assert.Contains(reports, report => report.StartsWith("A program was not disposed", StringComparison.Ordinal));
        Assert.Contains(reports, report => report.StartsWith("A map's mapping was not disposed", StringComparison.Ordinal));
    }

    // Not inlined: what it made must be unreachable when it returns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeakThree(byte[] elf)
    {
        BpfObject obj = BpfObject.Open(elf, "leak");
        obj.Load();
        _ = obj.Program("mark");
        using BpfMap map = obj.Map(".data.mark");
        _ = map.Mmap();
    }
}
