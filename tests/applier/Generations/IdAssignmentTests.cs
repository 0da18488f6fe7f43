using System.Collections.Immutable;
using CsCheck;
using Weir.Applier.Generations;
using Weir.Compiler.Emit;
using Xunit;

namespace Weir.Applier.Tests.Generations;

public class IdAssignmentTests
{
    private static readonly Gen<ImmutableArray<ulong>> Identities =
        Gen.ULong[1, 40].HashSet[0, 16].Select(set => set.Order().ToImmutableArray());

    [Fact]
    public void A_backend_keeps_its_id_and_no_two_share_one() =>
        Gen.Select(Identities, Identities, Gen.Bool).Sample((before, after, live) =>
        {
            ImmutableArray<PoolIds> old = IdAssignment.ForNewInstance([Some.Pool("web", 32, before)], []);
            ImmutableArray<ManifestPool> next = [Some.Pool("web", 32, after)];
            ImmutableSortedDictionary<string, int> ids =
                (live ? IdAssignment.ForLiveMaps(next, old) : IdAssignment.ForNewInstance(next, old))[0].Ids;
            Assert.Equal(after.Length, ids.Count);
            Assert.Equal(ids.Count, ids.Values.Distinct().Count());
            Assert.All(ids, pair => Assert.InRange(pair.Value, 0, 31));
            Assert.All(ids, pair => Assert.True(!old[0].Ids.TryGetValue(pair.Key, out int was) || was == pair.Value));
        });

    [Fact]
    public void In_live_maps_the_id_of_a_leaving_backend_is_not_given_away() =>
        Gen.Select(Identities, Identities).Sample((before, after) =>
        {
            ImmutableSortedDictionary<string, int> old = IdAssignment.ForNewInstance([Some.Pool("web", 32, before)], [])[0].Ids;
            ImmutableSortedDictionary<string, int> ids =
                IdAssignment.ForLiveMaps([Some.Pool("web", 32, after)], [new PoolIds("web", old)])[0].Ids;
            Assert.All(ids.Where(pair => !old.ContainsKey(pair.Key)), pair => Assert.DoesNotContain(pair.Value, old.Values));
        });

    [Fact]
    public void Without_a_free_id_the_answer_is_to_try_again_and_names_the_backend()
    {
        ImmutableArray<PoolIds> live = IdAssignment.ForNewInstance([Some.Pool("web", 4, [1, 2, 3])], []);
        ApplierException error = Assert.Throws<ApplierException>(() => IdAssignment.ForLiveMaps([Some.Pool("web", 4, [4, 5])], live));
        Assert.Equal(ExitCode.Transient, error.Exit);
        Assert.Contains("Pool web has no free id for backend b5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_stay_below_the_reserved_values_of_a_wide_ring()
    {
        ImmutableArray<PoolIds> ids = IdAssignment.ForNewInstance([Some.Pool("big", 32_768, Enumerable.Range(1, 32_767).Select(i => (ulong)i))], []);
        Assert.Equal(32_766, ids[0].Ids.Values.Max());
    }

    [Fact]
    public void A_smaller_capacity_gives_new_ids_to_those_beyond_it()
    {
        ImmutableSortedDictionary<string, int> known = PoolIds.None.Add(Some.Backend(1).Identity, 50).Add(Some.Backend(2).Identity, 0);
        ImmutableSortedDictionary<string, int> ids = IdAssignment.ForNewInstance([Some.Pool("web", 32, [1, 2])], [new("web", known)])[0].Ids;
        Assert.Equal(0, ids[Some.Backend(2).Identity]);
        Assert.Equal(1, ids[Some.Backend(1).Identity]);
    }
}
