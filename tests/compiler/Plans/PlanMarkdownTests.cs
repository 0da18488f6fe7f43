using Weir.Compiler.Diagnostics;
using Weir.Compiler.Plans.Text;
using Weir.Compiler.Tests.Lowering;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Plans;

/// <summary>What somebody else wrote cannot break a comment.</summary>
public sealed class PlanMarkdownTests
{
    private static readonly Topology Base = Samples.Topology(40);

    [Fact]
    public void Names_of_files_cannot_make_it_too_long()
    {
        SourceSpan far = new(new string('x', 4000), 1, 1, 1, 2);
        Topology before = Base with { Vips = [.. Base.Vips.Select(v => v with { Position = far })] };
        string text = new PlanMarkdown("").Render(PlanOf.Topologies(before, before with { Vips = before.Vips[..1] }));
        Assert.InRange(text.Length, 10_000, PlanMarkdown.Longest);
        Assert.Contains("- and more: `weir plan` prints it\n", text, StringComparison.Ordinal);
        Assert.Contains("digest sha256:", text[^120..], StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_files_cannot_end_a_block()
    {
        SourceSpan sly = new("a```\n</details><script>@all.yaml", 1, 1, 1, 2);
        Topology after = Base with { Vips = Base.Vips.SetItem(0, Base.Vips[0] with { Ports = [new PortRange(TransportProtocol.Udp, 1, 1)], Position = sly }) };
        string text = new PlanMarkdown("").Render(PlanOf.Topologies(Base, after));
        Assert.Contains("````diff\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n</details><script>", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("\n````\n").Length);
    }
}
