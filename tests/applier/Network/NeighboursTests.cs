using System.Net;
using System.Net.NetworkInformation;
using Weir.Applier.Network;
using Xunit;

namespace Weir.Applier.Tests.Network;

public sealed class NeighboursTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void An_interface_is_found_in_the_threads_namespace()
    {
        using TwoHosts hosts = new();

        HostInterface found = hosts.Run(() => HostInterface.Find("near0"))!;

        Assert.Equal(new HostInterface(found.Index, "near0", PhysicalAddress.Parse("02-00-00-00-09-01"), 1400, Up: true), found);
        Assert.Equal(found, hosts.Run(() => HostInterface.Find(found.Index)));
        Assert.Null(HostInterface.Find("near0"));
        Assert.Null(hosts.Run(() => HostInterface.Find("absent0")));
        Assert.Null(hosts.Run(() => HostInterface.Find(99999)));
        Assert.Null(HostInterface.Find("a-name-that-is-too-long"));
        Assert.Null(HostInterface.Find(""));
        hosts.Ip("-n NEAR link set near0 down");
        Assert.False(hosts.Run(() => HostInterface.Find("near0"))!.Up);
        Assert.Equal("lo", HostInterface.Find(1)!.Name);
    }

    [Theory]
    [InlineData("10.9.0.2")]
    [InlineData("fd09::2")]
    public async Task A_neighbour_is_resolved(string address)
    {
        using TwoHosts hosts = new();
        using Neighbours neighbours = hosts.Run(() => new Neighbours(HostInterface.Find("near0")!));

        Assert.Null(neighbours.Find(IPAddress.Parse(address)));
        PhysicalAddress mac = await neighbours.ResolveAsync(IPAddress.Parse(address), s_long, Cancellation);

        Assert.Equal(PhysicalAddress.Parse("02-00-00-00-09-02"), mac);
        Assert.Equal(mac, neighbours.Find(IPAddress.Parse(address)));
        Assert.Equal(mac, await neighbours.ResolveAsync(IPAddress.Parse(address), TimeSpan.Zero, Cancellation));
    }

    [Theory]
    [InlineData("10.9.0.255")]
    [InlineData("224.0.0.9")]
    [InlineData("ff02::9")]
    public void A_group_is_nobodys_address(string address)
    {
        using TwoHosts hosts = new();
        using Neighbours neighbours = hosts.Run(() => new Neighbours(HostInterface.Find("near0")!));

        neighbours.Use(IPAddress.Parse(address));

        Assert.Null(neighbours.Find(IPAddress.Parse(address)));
    }

    [Fact]
    public async Task Nobody_home_is_transient_and_waiting_can_be_cancelled()
    {
        using TwoHosts hosts = new();
        using Neighbours neighbours = hosts.Run(() => new Neighbours(HostInterface.Find("near0")!));
        IPAddress nobody = IPAddress.Parse("10.9.0.77");

        NetworkException error = await Assert.ThrowsAsync<NetworkException>(() => neighbours.ResolveAsync(nobody, TimeSpan.FromMilliseconds(50), Cancellation));
        Assert.True(error.Transient);
        Assert.Contains("Nobody on near0 answers for 10.9.0.77", error.Message, StringComparison.Ordinal);

        using CancellationTokenSource stop = new();
        Task<PhysicalAddress> waiting = neighbours.ResolveAsync(nobody, s_long, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_neighbour_set_by_hand_is_taken()
    {
        using TwoHosts hosts = new();
        using Neighbours neighbours = hosts.Run(() => new Neighbours(HostInterface.Find("near0")!));
        hosts.Ip("-n NEAR neighbour add 10.9.0.77 lladdr 02:00:00:00:09:77 dev near0 nud permanent");

        Assert.Equal(PhysicalAddress.Parse("02-00-00-00-09-77"), await neighbours.ResolveAsync(IPAddress.Parse("10.9.0.77"), TimeSpan.Zero, Cancellation));
    }

    [Fact]
    public async Task An_interface_that_is_down_is_said_to_be()
    {
        using TwoHosts hosts = new();
        hosts.Ip("-n NEAR link set near0 down");
        using Neighbours neighbours = hosts.Run(() => new Neighbours(HostInterface.Find("near0")!));

        Assert.Null(neighbours.Find(IPAddress.Parse("10.9.0.2")));
        NetworkException error = await Assert.ThrowsAsync<NetworkException>(() => neighbours.ResolveAsync(IPAddress.Parse("10.9.0.2"), TimeSpan.FromMilliseconds(50), Cancellation));
        Assert.Contains("near0 is down", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scratch_pair_is_invisible_to_the_host_and_goes_with_its_owner()
    {
        using ScratchVeth scratch = new();

        Assert.True(scratch.Interface.Up && scratch.Peer.Up);
        Assert.NotEqual(scratch.Interface.Index, scratch.Peer.Index);
        Assert.Null(HostInterface.Find(scratch.Interface.Name));
        scratch.Dispose();
        Assert.ThrowsAny<Exception>(() => scratch.Run(() => 0));
    }
}
