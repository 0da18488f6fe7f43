using System.Diagnostics;
using Weir.Applier.Apply;

// Applies a bundle and dies by SIGKILL at the instant given: what a test finds afterwards is what a power cut would leave.
// Arguments: state directory, bpffs, objects, bundle, interface, instant.
ApplyPoint last = Enum.Parse<ApplyPoint>(args[5]);
ApplySession session = new(new ApplierPaths(args[0], args[1]) { Objects = args[2] }, reached: point =>
{
    if (point == last)
    {
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }
});
session.Apply(new ApplyRequest(args[3], args[4]));
return 0;
