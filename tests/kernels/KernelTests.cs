[assembly: AssemblyFixture(typeof(Weir.Kernels.Tests.Payload))]

namespace Weir.Kernels.Tests;

public sealed class Linux61(Payload payload) : Booted("6.1", payload);

public sealed class Linux612(Payload payload) : Booted("6.12", payload);

/// <summary>Debian 12's own kernel.</summary>
public sealed class Linux61Tests(Linux61 kernel) : IClassFixture<Linux61>
{
    public static TheoryData<string> Names => [.. Checks.All("6.1").Select(x => x.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Check(string check) => kernel.Expect(check);
}

/// <summary>Debian 13's kernel, which Debian 12 offers too.</summary>
public sealed class Linux612Tests(Linux612 kernel) : IClassFixture<Linux612>
{
    public static TheoryData<string> Names => [.. Checks.All("6.12").Select(x => x.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Check(string check) => kernel.Expect(check);
}
