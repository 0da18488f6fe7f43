namespace Weir.Kernels.Tests;

/// <summary>One kernel's run: booted once, all its checks run, results kept.</summary>
public abstract class Booted(string series, Payload payload) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(9);

    private IReadOnlyDictionary<string, CheckResult> results = new Dictionary<string, CheckResult>();
    private string console = "";
    private string end = "";

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Kernel kernel = await KernelPackages.Get(series, cancel);
        string scratch = payload.Scratch(series);
        Initramfs image = new(Path.Combine(scratch, "root"));
        Initramfs.CopyFolder(payload.Folder, image.Folder);
        await KernelModules.Install(kernel, Path.Combine(image.Folder, "modules"), cancel);
        await File.WriteAllTextAsync(
            Path.Combine(image.Folder, "checks"),
            string.Concat(Checks.All(series).Select(x => $"{x.Name} {x.Script} {string.Join(' ', x.Arguments)}\n")),
            cancel);
        string archive = Path.Combine(scratch, "initramfs");
        await image.Pack(archive, cancel);
        console = Path.Combine(scratch, "console");
        Guest guest = new(kernel, archive, console);
        (results, end) = await guest.Run(Deadline, TestContext.Current.SendDiagnosticMessage, cancel);
    }

    public void Expect(string check)
    {
        string log = File.Exists(console) ? File.ReadAllText(console) : "";
        if (!results.TryGetValue(check, out CheckResult? result))
        {
            Assert.Fail($"The guest never came to this check. {end}\n--- console\n{log}");
        }

        Assert.True(result.Passed, $"{result.Log}\n{end}\n--- console\n{log}");
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
