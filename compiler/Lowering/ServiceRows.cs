using System.Collections.Immutable;

namespace Weir.Compiler.Lowering;

/// <summary>Which service rows an address has: 2^steps of them, shared by addresses with equal services, in order of first use (IPv4 addresses, then
/// IPv6).</summary>
public sealed class ServiceRows
{
    private readonly Dictionary<AddressServices, int> firstRow = new(EqualServices);

    public ServiceRows(DataPlane dataPlane)
    {
        ImmutableArray<ImmutableArray<Service>>.Builder sets = ImmutableArray.CreateBuilder<ImmutableArray<Service>>();
        foreach (VipMatch match in new[] { dataPlane.MatchV4, dataPlane.MatchV6 }.OfType<VipMatch>().Where(m => m.Kind == MatchKind.Hashed))
        {
            foreach (AddressServices address in match.Addresses)
            {
                if (firstRow.TryAdd(address, sets.Count << dataPlane.Sizes.ServiceSteps))
                {
                    sets.Add(address.Services);
                }
            }
        }

        Sets = sets.ToImmutable();
    }

    /// <summary>The services of the rows from 0, 2^steps, 2 * 2^steps and so on.</summary>
    public ImmutableArray<ImmutableArray<Service>> Sets { get; }

    /// <summary>First row of an address that is hashed.</summary>
    public int this[AddressServices address] => firstRow[address];

    /// <summary>Compares the services, not the addresses.</summary>
    public static IEqualityComparer<AddressServices> EqualServices { get; } = EqualityComparer<AddressServices>.Create(
        (a, b) => a is null ? b is null : b is not null && a.Services.AsSpan().SequenceEqual(b.Services.AsSpan()),
        a => a.Services.Aggregate(a.Services.Length, HashCode.Combine));
}
