using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Testing;

public sealed class BaselineCaseTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weir-baseline-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void An_accepted_output_is_equal_afterwards()
    {
        Case(accept: true).Output("a.txt", "one\ntwo\n").Output("sub/b.txt", "three\n").Verify();
        Case(accept: false).Output("a.txt", "one\ntwo\n").Output("sub/b.txt", "three\n").Verify();
    }

    [Fact]
    public void A_difference_shows_its_lines_and_the_command_that_accepts_it()
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_root, "tests")).FullName, "X.csproj"), "");
        Case(accept: true).Output("a.txt", "one\ntwo\nthree\n").Verify();
        string message = Assert.Throws<BaselineMismatchException>(Case(accept: false).Output("a.txt", "one\n2\nthree\n").Verify).Message;
        Assert.Contains("- two\n+ 2\n", message, StringComparison.Ordinal);
        Assert.Contains("WEIR_ACCEPT=1 dotnet run --project tests\n", message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_and_stale_outputs_are_mismatches_and_inputs_are_not()
    {
        Case(accept: true).Output("a.txt", "one\n").Verify();
        File.WriteAllText(Path.Combine(_root, "tests/case/input.yaml"), "x");
        string message = Assert.Throws<BaselineMismatchException>(Case(accept: false).Output("b.txt", "one\n").Verify).Message;
        Assert.Contains("tests/case/b.txt does not exist yet", message, StringComparison.Ordinal);
        Assert.Contains("tests/case/a.txt is produced no longer", message, StringComparison.Ordinal);
        Assert.DoesNotContain("input.yaml", message, StringComparison.Ordinal);

        Case(accept: true).Output("b.txt", "one\n").Verify();
        Assert.False(File.Exists(Path.Combine(_root, "tests/case/a.txt")));
        Assert.True(File.Exists(Path.Combine(_root, "tests/case/input.yaml")));
    }

    [Fact]
    public void Line_ends_count()
    {
        Case(accept: true).Output("a.txt", "one\n").Verify();
        Assert.Throws<BaselineMismatchException>(Case(accept: false).Output("a.txt", "one\r\n").Verify);
    }

    private BaselineCase Case(bool accept) => new(_root, "tests/case", accept, ["input.yaml"]);
}
