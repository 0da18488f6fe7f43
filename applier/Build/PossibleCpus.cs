using System.Globalization;
using System.Numerics;

namespace Weir.Applier.Build;

/// <summary>How many CPUs this kernel may ever bring up.</summary>
public static class PossibleCpus
{
    private const string Source = "/sys/devices/system/cpu/possible";

    /// <summary>Highest possible CPU number plus one.</summary>
    public static int Count => Parse(File.ReadAllText(Source));

    /// <summary>How many per-CPU slices a program gets: the next power of two, so that a number of a CPU can be masked.</summary>
    public static int Capacity => (int)BitOperations.RoundUpToPowerOf2((uint)Count);

    /// <summary>Reads the kernel's list form, as <c>0-3,8</c> (Documentation/admin-guide/cputopology.rst): the highest number plus one.</summary>
    public static int Parse(string list) =>
        list.Trim().Split(',').Max(range => int.Parse(range.Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture)) + 1;
}
