namespace Weir.Applier.Tests.State;

/// <summary>A directory of the test's own, removed with it.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("weir-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
