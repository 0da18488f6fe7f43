using System.Text;
using Weir.Applier.Keys;
using Weir.Applier.Tests.State;
using Weir.Compiler.Model.ConnectionIds;
using Xunit;

namespace Weir.Applier.Tests.Keys;

public sealed class HostKeysTests : IDisposable
{
    private const string Hex = "8f95f09245765f80256934e50c66207f";

    private readonly ScratchDirectory folder = new();

    private string Path => System.IO.Path.Combine(folder.Path, "quic.key");

    [Theory]
    [InlineData(Hex)]
    [InlineData(Hex + "\n")]
    [InlineData(Hex + "\r\n")]
    [InlineData("8F95F09245765F80256934E50C66207F\n")]
    public void A_key_is_32_digits(string text)
    {
        Write(text);
        using HostKeys keys = HostKeys.Read([Path]);
        Assert.Equal("0720b1d07b359d3c"[2..], Convert.ToHexStringLower(keys.Ciphers[Path].Encrypt(Convert.FromHexString("ed793aee080dbf"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(Hex + " ")]
    [InlineData(Hex + "\n\n")]
    [InlineData(Hex + "00")]
    [InlineData("8f95f09245765f80256934e50c66207")]
    [InlineData("8f95f09245765f80256934e50c66207g")]
    [InlineData("0x95f09245765f80256934e50c66207f")]
    public void Anything_else_is_refused_without_being_shown(string text)
    {
        Write(text);
        ApplierException error = Assert.Throws<ApplierException>(() => HostKeys.Read([Path]));
        Assert.Equal(ExitCode.Failed, error.Exit);
        Assert.StartsWith($"The key file {Path} does not hold 32 hexadecimal digits and nothing else.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("95f09245", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void What_others_may_read_or_write_is_no_secret(UnixFileMode mode)
    {
        Write(Hex);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);
        Assert.Contains("may be read by others than its owner", Assert.Throws<ApplierException>(() => HostKeys.Read([Path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_users_file_is_refused()
    {
        Write(Hex);
        using var chown = System.Diagnostics.Process.Start("chown", ["12345", Path])!;
        await chown.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, chown.ExitCode);
        Assert.Contains("belongs to another user", Assert.Throws<ApplierException>(() => HostKeys.Read([Path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_and_what_is_none_are_told_apart()
    {
        Assert.Contains("is not there", Assert.Throws<ApplierException>(() => HostKeys.Read([Path])).Message, StringComparison.Ordinal);
        Assert.Contains("is no regular file", Assert.Throws<ApplierException>(() => HostKeys.Read([folder.Path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Disposed_keys_are_gone()
    {
        byte[] key = Convert.FromHexString(Hex);
        HostKeys keys = new([("a", key)]);
        keys.Dispose();
        Assert.Equal(new byte[IdCipher.KeyLength], key);
    }

    [Fact]
    public void This_kernel_decrypts_and_older_ones_are_told_why_not()
    {
        Assert.Null(KernelCrypto.Missing);
        Assert.Contains("CONFIG_DEBUG_INFO_BTF", KernelCrypto.Judge(hasBtf: false, null), StringComparison.Ordinal);
        Assert.Contains("Linux 6.10", KernelCrypto.Judge(hasBtf: true, null), StringComparison.Ordinal);
        Assert.Contains("Linux 6.11", KernelCrypto.Judge(hasBtf: true, ["ctx", "src", "dst", "siv"]), StringComparison.Ordinal);
        Assert.Null(KernelCrypto.Judge(hasBtf: true, ["ctx", "src", "dst", "siv__nullable"]));
    }

    public void Dispose() => folder.Dispose();

    private void Write(string text)
    {
        File.WriteAllBytes(Path, Encoding.ASCII.GetBytes(text));
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
