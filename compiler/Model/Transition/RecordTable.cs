namespace Weir.Compiler.Model.Transition;

/// <summary>A pool's records: sets of eight, a cache line each.</summary>
/// <param name="sets">How many; a power of two.</param>
public sealed class RecordTable(int sets)
{
    public const int Ways = 8;

    /// <summary>Stamps after which a record that closes, or that only one packet was seen of, may be displaced: "10 s" and "3 s".</summary>
    private const int ClosingAge = 3, TentativeAge = 2;

    private readonly FlowRecord?[] records = new FlowRecord?[sets * Ways];

    /// <summary>How often a tentative record was displaced, or none was to be had.</summary>
    public long Pressure { get; private set; }

    public IEnumerable<FlowRecord> Records => records.OfType<FlowRecord>();

    /// <summary>As the program's table has them: a word for every way of every set, 0 for none.</summary>
    public IEnumerable<ulong> Words => records.Select(record => record?.Encode() ?? 0);

    /// <summary>The flow's record.</summary>
    /// <param name="h2">Chooses the set.</param>
    public FlowRecord? Find(uint h1, uint h2) => Set(h2).Select(way => records[way]).FirstOrDefault(record => record?.Tag == h1);

    /// <summary>Makes a record, where there is room for it.</summary>
    /// <param name="now">The stamp of now.</param>
    public bool Put(FlowRecord record, uint h2, int now)
    {
        int[] ways = [.. Set(h2)];
        int free = Array.FindIndex(ways, way => records[way] is null);
        int closing = Array.FindIndex(ways, way => records[way] is { Closing: true } old && old.Age(now) >= ClosingAge);
        int chosen = free >= 0 ? free : closing;
        if (chosen < 0)
        {
            Pressure++;
            chosen = Enumerable.Range(0, Ways).Where(way => records[ways[way]] is { Tentative: true } old && old.Age(now) >= TentativeAge)
                .DefaultIfEmpty(-1).MaxBy(way => way < 0 ? -1 : records[ways[way]]!.Age(now));
        }

        if (chosen < 0)
        {
            return false;
        }

        records[ways[chosen]] = record;
        return true;
    }

    /// <summary>Puts what the record has become in its place; null for nothing.</summary>
    public void Replace(FlowRecord record, FlowRecord? by, uint h2)
    {
        int way = Set(h2).First(at => records[at]?.Tag == record.Tag);
        records[way] = by;
    }

    /// <summary>Drops records.</summary>
    public void Sweep(Func<FlowRecord, bool> drops)
    {
        for (int at = 0; at < records.Length; at++)
        {
            records[at] = records[at] is { } record && drops(record) ? null : records[at];
        }
    }

    private IEnumerable<int> Set(uint h2) => Enumerable.Range((int)(h2 & (uint)(sets - 1)) * Ways, Ways);
}
