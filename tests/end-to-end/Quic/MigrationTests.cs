using Weir.Lab.Network;
using Weir.Lab.Processes;
using Weir.Lab.Quic;
using Xunit;

namespace Weir.EndToEnd.Tests.Quic;

/// <summary>Real QUIC: a client that changes its address and port while an answer comes.</summary>
public sealed class MigrationTests(QuicSite site) : IClassFixture<QuicSite>
{
    private const string Key = "8f95f09245765f80256934e50c66207f";

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

    /// <summary>The connection id names the backend, whatever the hash says: plaintext, four-pass and single-pass.</summary>
    [Theory]
    [InlineData(0, 2, 6, false)]
    [InlineData(1, 2, 6, false)]
    [InlineData(0, 3, 8, true)]
    [InlineData(1, 4, 12, true)]
    public async Task By_its_connection_id_a_client_that_moves_keeps_its_backend(int family, int serverIdLength, int nonceLength, bool encrypted)
    {
        var stop = TestContext.Current.CancellationToken;
        string keyFile = await site.WriteKeyAsync(Key, stop);
        string quic = $"{{ scheme: quic-lb, configs: [{{ id: 3, serverIdLength: {serverIdLength}, nonceLength: {nonceLength}{(encrypted ? $", keyFile: {keyFile}" : "")} }}] }}";
        string bundle = await site.ApplyAsync("quic/443", quic, serverIdLength, stop);
        var (answer, first, other, stray) = await site.MoveAsync(
            bundle, family, backend => new QuicIds(3, QuicSite.ServerId(backend, serverIdLength), nonceLength, encrypted ? Key : null), stop);
        Assert.NotEqual(first, other);
        Assert.True(answer.Command.ExitCode == 0, answer.Command.Error + answer.Command.Output);
        Assert.All(answer.Lines, line => Assert.Equal(first, line.Backend));
        Assert.Equal([answer.Before.Source, answer.After.Source], answer.Lines.Select(line => line.Client).Distinct());
        Assert.All(stray, packets => Assert.Equal(0, packets.Value));
        if (encrypted)
        {
            await site.AssertNobodyHasAsync(Key, bundle, stop);
        }
    }

    [Fact]
    public async Task Without_its_key_file_nothing_is_applied()
    {
        var stop = TestContext.Current.CancellationToken;
        string keyFile = Path.Combine(site.Lab.Directory, "missing.key");
        string quic = $"{{ scheme: quic-lb, configs: [{{ id: 3, serverIdLength: 2, nonceLength: 6, keyFile: {keyFile} }}] }}";
        var refused = await Assert.ThrowsAsync<CommandFailedException>(() => site.ApplyAsync("quic/443", quic, 2, stop));
        Assert.Equal(1, refused.Result.ExitCode);
        Assert.Contains($"The key file {keyFile} is not there.", refused.Result.Error, StringComparison.Ordinal);
    }
}
