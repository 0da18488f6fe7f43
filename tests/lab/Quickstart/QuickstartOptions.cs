namespace Weir.Lab.Quickstart;

/// <param name="Name">The lab's name.</param>
/// <param name="Example">The folder with <c>topology/</c> and <c>change.patch</c>.</param>
/// <param name="Flood">Whether to end with as many packets as the machine makes.</param>
/// <param name="Stay">Whether to leave the lab standing until Ctrl-C.</param>
public sealed record QuickstartOptions(string Name, string Example, bool Flood, bool Stay);
