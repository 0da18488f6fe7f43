namespace Weir.Kernels.Tests;

/// <summary>A kernel as Debian builds it for virtual machines, unpacked.</summary>
/// <param name="Release">As <c>uname -r</c> says it.</param>
/// <param name="Image">The bootable image.</param>
/// <param name="Root">The folder that holds <c>lib/modules</c>.</param>
internal sealed record Kernel(string Release, string Image, string Root)
{
    public string Modules => Path.Combine(Root, "lib", "modules", Release);
}
