namespace Weir.Benchmarks;

/// <summary>Every case, in the order of the table.</summary>
internal static class Cases
{
    public static IEnumerable<Case> All(Workbench bench) =>
        [.. PacketCases.All(bench), .. FeatureCases.All(bench), .. PolicyCases.All(bench), .. NatCases.All(bench), .. TrackingCases.All(bench), .. ObjectCases.All(bench), .. CommandCases.All(bench), .. ScaleCases.All(bench), .. ApplyCases.All(bench), .. RingCases.All()];
}
