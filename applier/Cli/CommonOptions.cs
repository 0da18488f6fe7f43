using System.CommandLine;
using Weir.Applier.Apply;
using Weir.Applier.Libbpf;

namespace Weir.Applier.Cli;

/// <summary>Options that several commands share; every command makes its own.</summary>
internal sealed class CommonOptions
{
    public Option<string> State { get; } = new("--state-dir")
    {
        Description = "Where generations, journal and object cache are kept",
        HelpName = "DIR",
        DefaultValueFactory = _ => ApplierPaths.DefaultState,
    };

    public Option<string> BpfFileSystem { get; } = new("--bpffs")
    {
        Description = "The BPF file system to pin in",
        HelpName = "DIR",
        DefaultValueFactory = _ => Libbpf.BpfFileSystem.DefaultPath,
    };

    public ApplierPaths Paths(ParseResult parsed) => new(Path.GetFullPath(parsed.GetValue(State)!), Path.GetFullPath(parsed.GetValue(BpfFileSystem)!));

    public void AddTo(Command command)
    {
        command.Add(State);
        command.Add(BpfFileSystem);
    }

    public static Option<string> Interface() => new("--interface") { Description = "The network interface", HelpName = "IF", Required = true };

    public static Option<bool> Json(string schema) => new("--json") { Description = $"Print JSON after schemas/{schema}" };

    public static Option<string> Mode()
    {
        Option<string> mode = new("--mode")
        {
            Description = "native runs in the driver, generic on finished socket buffers; auto takes native where the driver can",
            DefaultValueFactory = _ => "auto",
        };
        mode.AcceptOnlyFromAmong("auto", "native", "generic");
        return mode;
    }

    public static XdpMode? ModeOf(string mode) => mode switch
    {
        "native" => XdpMode.Native,
        "generic" => XdpMode.Generic,
        _ => null,
    };
}
