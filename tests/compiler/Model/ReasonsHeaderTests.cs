using Weir.Compiler.Model;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Model;

public sealed class ReasonsHeaderTests
{
    private const string Accept = "WEIR_ACCEPT";

    private static string HeaderPath => Path.Combine(RepositoryRoot.Path, "bpf", "weir", "reasons.h");

    [Fact]
    public void The_header_is_what_the_enum_says()
    {
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(HeaderPath, ReasonNames.Header());
        }

        string found = File.Exists(HeaderPath) ? File.ReadAllText(HeaderPath) : string.Empty;
        Assert.True(found == ReasonNames.Header(), $"bpf/weir/reasons.h is not what compiler/Model/Reason.cs says: run the tests with {Accept}=1 and commit the header.");
    }

    [Fact]
    public void Reasons_have_numbers_of_their_own_that_fit_their_rows()
    {
        Assert.Equal(ReasonNames.All.Length, ReasonNames.All.Distinct().Count());
        Assert.All(ReasonNames.All, reason => Assert.InRange((int)reason, 0, ReasonNames.Rows - 1));
        Assert.True(System.Numerics.BitOperations.IsPow2(ReasonNames.Rows), "the program bounds a reason by a mask");
    }

    [Fact]
    public void Names_are_those_of_the_packet_rules()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "bpf", "README.md"));
        Assert.All(ReasonNames.All.Where(reason => reason != Reason.DropInternal), reason => Assert.Contains($"[{reason.Name()}]", page, StringComparison.Ordinal));
    }
}
