using System.Collections.Immutable;

namespace Weir.Compiler.Plans.Objects;

/// <summary>Which properties differ.</summary>
internal static class AttributeDiff
{
    /// <param name="before">In the same order and with the same names as <paramref name="after"/>, or some of either left out.</param>
    public static ImmutableArray<AttributeChange> Between(ImmutableArray<ObjectAttribute> before, ImmutableArray<ObjectAttribute> after)
    {
        var changes = ImmutableArray.CreateBuilder<AttributeChange>();
        foreach ((ObjectAttribute old, ObjectAttribute now) in before.Zip(after))
        {
            if (old.Values.AsSpan().SequenceEqual(now.Values.AsSpan()))
            {
                continue;
            }

            string[] went = [.. old.Values.Except(now.Values, StringComparer.Ordinal)];
            string[] came = [.. now.Values.Except(old.Values, StringComparer.Ordinal)];
            if (!now.IsList || (went.Length == 1 && came.Length == 1))
            {
                changes.Add(new AttributeChange(now.Name, went[0], came[0]));
            }
            else
            {
                changes.AddRange(went.Select(value => new AttributeChange(now.Name, value, null)));
                changes.AddRange(came.Select(value => new AttributeChange(now.Name, null, value)));
            }
        }

        return changes.ToImmutable();
    }

    /// <summary>What there is to say of something new.</summary>
    public static ImmutableArray<AttributeChange> Added(ImmutableArray<ObjectAttribute> after) =>
        [.. after.Where(a => !a.Usual).Select(a => new AttributeChange(a.Name, null, string.Join(", ", a.Values)))];

    /// <summary>What there is to say of something that goes.</summary>
    public static ImmutableArray<AttributeChange> Removed(ImmutableArray<ObjectAttribute> before) =>
        [.. before.Where(a => !a.Usual).Select(a => new AttributeChange(a.Name, string.Join(", ", a.Values), null))];
}
