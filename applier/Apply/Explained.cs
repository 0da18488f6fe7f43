using Weir.Applier.Build;
using Weir.Applier.Libbpf;
using Weir.Applier.Network;

namespace Weir.Applier.Apply;

/// <summary>Turns what the kernel, clang and the disk may refuse into errors with an exit code. Their messages already say what was tried.</summary>
public static class Explained
{
    /// <exception cref="ApplierException">In the place of the exceptions of those.</exception>
    public static T Run<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NetworkException error) when (error.Transient)
        {
            throw ApplierException.Transient(error.Message, error);
        }
        catch (Exception error) when (error is BpfException or BuildException or NetworkException or IOException or UnauthorizedAccessException)
        {
            throw ApplierException.Failed(error.Message, error);
        }
    }
}
