using Weir.Lab.Network;
using Weir.Lab.Quic;
using Xunit;

namespace Weir.EndToEnd.Tests.Quic;

/// <summary>Real QUIC: a client that changes its address and port while an answer comes.</summary>
public sealed class MigrationTests(QuicSite site) : IClassFixture<QuicSite>
{
    private static QuicIds Plain(LabHost backend) => new(0, QuicSite.ServerId(backend, 2), 6, null);

    /// <summary>The contrast: by the hash alone the packets of the new address go to another backend, which does not know them.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task By_the_hash_alone_a_client_that_moves_loses_its_backend(int family)
    {
        var stop = TestContext.Current.CancellationToken;
        string bundle = await site.ApplyAsync("udp/443", null, 2, stop);
        var (answer, first, other, stray) = await site.MoveAsync(bundle, family, Plain, stop);
        Assert.NotEmpty(answer.Lines);
        Assert.All(answer.Lines, line => Assert.Equal((first, answer.Before.Source), line));
        Assert.True(stray[other] > 0, $"{other} saw nothing.");
    }
}
