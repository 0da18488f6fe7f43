using Weir.Applier.Libbpf;

namespace Weir.Applier.Keys;

/// <summary>Whether the running kernel lets a program decrypt: the bpf_crypto kfuncs (Linux 6.10), called without an initialisation
/// vector (6.11).</summary>
public static class KernelCrypto
{
    private const string Function = "bpf_crypto_decrypt", NullableSuffix = "__nullable";

    /// <summary>Why not, a sentence; null when it does.</summary>
    public static string? Missing { get; } = Look();

    /// <exception cref="ApplierException">This kernel does not.</exception>
    public static void Require(string site)
    {
        if (Missing is { } missing)
        {
            throw ApplierException.Failed(
                $"sites.{site} has encrypted connection ids (`keyFile`), and {missing}. Nothing was loaded. "
                + "Use a newer kernel on its hosts, or plaintext ids.");
        }
    }

    /// <param name="parameters">Of the function, by the kernel's BTF; null when it is not there.</param>
    /// <param name="hasBtf">Whether the kernel has BTF.</param>
    public static string? Judge(bool hasBtf, IReadOnlyList<string>? parameters) => (hasBtf, parameters) switch
    {
        (false, _) => "this kernel has no BTF (CONFIG_DEBUG_INFO_BTF), without which no program can call it to decrypt",
        (_, null) => "this kernel cannot decrypt for a program: it has no bpf_crypto functions, which came with Linux 6.10",
        (_, var names) when !(names.Count > 0 && names[^1].EndsWith(NullableSuffix, StringComparison.Ordinal)) =>
            "this kernel's bpf_crypto functions want an initialisation vector, which AES-ECB has not; Linux 6.11 and newer do without",
        _ => null,
    };

    private static string? Look()
    {
        using KernelBtf? btf = KernelBtf.Load();
        return Judge(btf is not null, btf?.ParametersOf(Function));
    }
}
