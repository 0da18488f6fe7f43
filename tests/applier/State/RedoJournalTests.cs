using CsCheck;
using Weir.Applier.Generations;
using Weir.Applier.State;
using Xunit;

namespace Weir.Applier.Tests.State;

public class RedoJournalTests
{
    private static readonly Gen<RedoJournal> Journals =
        from stores in Gen.Select(
            Gen.OneOf(".data.ring8", ".data.ring16", ".data.backend"), Gen.Enum<StorePhase>(), Gen.Int[0, 1 << 20], Gen.OneOf(1, 2, 4, 8), Gen.ULong, Gen.ULong,
            (section, phase, offset, width, old, value) => new Store(section, phase, offset, width, old, value)).Array[0, 40]
        from numbers in Gen.Select(Gen.Int[1, 1000], Gen.Int[1, 1000])
        select new RedoJournal(numbers.Item1, numbers.Item2, [.. stores]);

    [Fact]
    public void What_is_written_is_read_back() => Journals.Sample(journal =>
    {
        RedoJournal read = RedoJournal.FromBytes(journal.ToBytes(), "redo");
        Assert.Equal((journal.To, journal.Instance), (read.To, read.Instance));
        Assert.Equal(journal.Stores.AsEnumerable(), read.Stores.AsEnumerable());
    });

    [Fact]
    public void A_flipped_bit_or_a_missing_end_is_noticed() =>
        Gen.Select(Journals, Gen.Int[0, int.MaxValue], Gen.Int[0, 7], Gen.Bool).Sample((journal, at, bit, cut) =>
        {
            byte[] bytes = journal.ToBytes();
            if (cut)
            {
                bytes = bytes[..(at % bytes.Length)];
            }
            else
            {
                bytes[at % bytes.Length] ^= (byte)(1 << bit);
            }

            Assert.Throws<ApplierException>(() => RedoJournal.FromBytes(bytes, "redo"));
        });
}
