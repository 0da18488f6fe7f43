using System.Collections.Immutable;
using System.Text.Json;

namespace Weir.Lab.Accounting;

/// <summary>The slots that <c>weir build --compare OLD --format json</c> says move.</summary>
public static class NamedSlots
{
    /// <exception cref="JsonException">Not that command's output, or a change whose slots cannot be compared.</exception>
    public static ImmutableHashSet<PoolSlot> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var slots = ImmutableHashSet.CreateBuilder<PoolSlot>();
        foreach (var pool in document.RootElement.GetProperty("changes").EnumerateArray())
        {
            var name = pool.GetProperty("pool").GetString()!;
            if (pool.GetProperty("change").GetString() is not "compared" and var change)
            {
                throw new JsonException($"Pool {name} is {change}: it has no slots that could be named.");
            }

            foreach (var range in pool.GetProperty("ranges").EnumerateArray())
            {
                var first = range.GetProperty("first").GetInt32();
                slots.UnionWith(Enumerable.Range(first, range.GetProperty("last").GetInt32() - first + 1).Select(slot => new PoolSlot(name, slot)));
            }
        }

        return slots.ToImmutable();
    }
}
