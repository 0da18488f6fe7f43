using System.CommandLine;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Weir.Lab.Network;
using Weir.Lab.Processes;
using Weir.Lab.Quickstart;
using Weir.Testing;
using Command = System.CommandLine.Command;

var name = new Option<string>("--name") { Description = "Starts the names of the lab's namespaces and of its folder.", DefaultValueFactory = _ => new LabOptions().Name };
var flood = new Option<bool>("--flood") { Description = "End with as many packets per second as this machine makes." };
var stay = new Option<bool>("--stay") { Description = "Leave the lab standing until Ctrl-C, to look around." };
var quickstart = new Command("quickstart", "From a topology in git to real traffic, and a change under load.") { name, flood, stay };
quickstart.SetAction((parsed, cancellation) => new QuickstartRun(
    new QuickstartOptions(
        parsed.GetRequiredValue(name),
        Path.Combine(RepositoryRoot.Path, "examples", "quickstart"),
        parsed.GetValue(flood),
        parsed.GetValue(stay)),
    new Say()).RunAsync(cancellation));

var clean = new Command("clean", "Remove what a lab left that was killed.") { name };
clean.SetAction(parsed => LabNetwork.Remove(parsed.GetRequiredValue(name)));

using var stop = new CancellationTokenSource();
var interrupted = 0;
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // The lab takes itself down; a second signal must not stop it from that.
    Interlocked.CompareExchange(ref interrupted, 128 + (signal.Signal == PosixSignal.SIGINT ? 2 : 15), 0);
    stop.Cancel();
}

using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onHangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
try
{
    var parsed = new RootCommand("A lab of network namespaces for Weir.") { quickstart, clean }.Parse(args);
    var exit = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
    return parsed.Errors.Count > 0 ? 64 : exit;
}
catch (Exception) when (interrupted != 0)
{
    Console.Error.WriteLine("interrupted; the lab is removed");
    return interrupted;
}
catch (Exception error) when (error is CommandFailedException or InvalidOperationException or IOException or Win32Exception)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
catch (Exception error) when (error is not OperationCanceledException)
{
    Console.Error.WriteLine($"This is a fault of the lab itself:\n{error}");
    return 70;
}
