[assembly: AssemblyFixture(typeof(Weir.Kernels.Tests.Payload))]

namespace Weir.Kernels.Tests;

public sealed class Linux61(Payload payload) : Booted("6.1", payload);

public sealed class Linux612(Payload payload) : Booted("6.12", payload);

public sealed class Linux61Tests(Linux61 kernel) : IClassFixture<Linux61>
{
    [Theory]
    [InlineData("boot")]
    public void Check(string check) => kernel.Expect(check);
}

public sealed class Linux612Tests(Linux612 kernel) : IClassFixture<Linux612>
{
    [Theory]
    [InlineData("boot")]
    public void Check(string check) => kernel.Expect(check);
}
