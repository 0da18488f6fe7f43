using Weir.Compiler.Syntax;
using Xunit;

namespace Weir.Compiler.Tests.Syntax;

public sealed class CoreScalarTests
{
    [Theory]
    [InlineData("", ScalarKind.Null, 0)]
    [InlineData("~", ScalarKind.Null, 0)]
    [InlineData("NULL", ScalarKind.Null, 0)]
    [InlineData("nULL", ScalarKind.Text, 0)]
    [InlineData("true", ScalarKind.Boolean, 0)]
    [InlineData("yes", ScalarKind.Text, 0)]
    [InlineData("on", ScalarKind.Text, 0)]
    [InlineData("0", ScalarKind.WholeNumber, 0)]
    [InlineData("+12", ScalarKind.WholeNumber, 12)]
    [InlineData("-12", ScalarKind.WholeNumber, -12)]
    [InlineData("010", ScalarKind.WholeNumber, 10)]
    [InlineData("0o17", ScalarKind.WholeNumber, 15)]
    [InlineData("0o18", ScalarKind.Text, 0)]
    [InlineData("0xfF", ScalarKind.WholeNumber, 255)]
    [InlineData("0x", ScalarKind.Text, 0)]
    [InlineData("-0x1", ScalarKind.Text, 0)]
    [InlineData("99999999999999999999999999999999999999999999", ScalarKind.WholeNumber, long.MaxValue)]
    [InlineData("1_000", ScalarKind.Text, 0)]
    [InlineData("12:30:45", ScalarKind.Text, 0)]
    [InlineData("-", ScalarKind.Text, 0)]
    [InlineData("1.5", ScalarKind.RealNumber, 0)]
    [InlineData(".5", ScalarKind.RealNumber, 0)]
    [InlineData("5.", ScalarKind.RealNumber, 0)]
    [InlineData("1e3", ScalarKind.RealNumber, 0)]
    [InlineData("-.inf", ScalarKind.RealNumber, 0)]
    [InlineData(".nan", ScalarKind.RealNumber, 0)]
    [InlineData(".", ScalarKind.Text, 0)]
    [InlineData("10.1.0.11", ScalarKind.Text, 0)]
    [InlineData("2001:db8::1", ScalarKind.Text, 0)]
    [InlineData("infinity", ScalarKind.Text, 0)]
    public void Plain_scalars_are_read_by_the_core_schema(string text, ScalarKind kind, long number) =>
        Assert.Equal((kind, number), CoreScalar.Resolve(text));
}
