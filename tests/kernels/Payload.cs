namespace Weir.Kernels.Tests;

/// <summary>What all guests share, made once: the checks and the file system but for a kernel's own modules.</summary>
public sealed class Payload : IAsyncLifetime
{
    private readonly string scratch = Path.Combine(Path.GetTempPath(), $"weir-kernels-{Environment.ProcessId}");

    public string Folder => Path.Combine(scratch, "common");

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Initramfs image = new(Folder);
        await image.AddBase(cancel);
    }

    /// <summary>A folder of the caller's own that goes when the matrix is done.</summary>
    public string Scratch(string name) => Directory.CreateDirectory(Path.Combine(scratch, name)).FullName;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(scratch, recursive: true);
        return ValueTask.CompletedTask;
    }
}
