using System.CommandLine;
using Weir.Compiler.Import;
using Weir.Compiler.Sources;

namespace Weir.Cli;

/// <summary><c>weir import</c>: a topology from what another load balancer does today, with a report of what it could not take over.</summary>
internal static class ImportCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> kind = new("FORMAT") { Description = "ipvs: ipvsadm -Sn or keepalived.conf; katran: katran_goclient -l; services: Kubernetes Services and EndpointSlices, or Cilium's --lb-state-file" };
        kind.AcceptOnlyFromAmong([.. Importer.Formats]);
        Argument<string> file = new("FILE") { Description = "What to import; - for standard input" };
        Option<string> output = new("--output", "-o") { Description = "Directory for topology.yaml, which must not exist yet; - for standard output", HelpName = "DIR", DefaultValueFactory = _ => "-" };
        Option<string> site = Named("--site", "Name of the site that serves everything", "site1");
        Option<string> host = Named("--host", "Name of its first load balancer", "lb1");
        Option<string> device = Named("--interface", "The load balancer's network interface", "eth0");
        Option<string[]> sources = new("--source") { Description = "Outer source address; once per family", HelpName = "ADDRESS" };
        Option<string[]> gateways = new("--gateway") { Description = "Next hop for encapsulated packets; once per family", HelpName = "ADDRESS" };
        Option<OutputFormat> format = TopologyInput.Format();
        Command command = new("import", "Make a topology from what another load balancer does today.") { kind, file, output, site, host, device, sources, gateways, format };
        command.SetAction(result => Run(
            result.GetRequiredValue(kind),
            result.GetRequiredValue(file),
            result.GetRequiredValue(output),
            new ImportSite(
                result.GetRequiredValue(site),
                result.GetRequiredValue(host),
                result.GetRequiredValue(device),
                [.. result.GetValue(sources) ?? []],
                [.. result.GetValue(gateways) ?? []]),
            result.GetValue(format),
            terminal));
        return command;
    }

    private static Option<string> Named(string name, string description, string standard) =>
        new(name) { Description = description, HelpName = "NAME", DefaultValueFactory = _ => standard };

    private static int Run(string kind, string file, string output, ImportSite site, OutputFormat format, Terminal terminal)
    {
        string target = Path.Combine(output, "topology.yaml");
        if (output != "-" && File.Exists(target))
        {
            terminal.Error.WriteLine($"weir: {target} exists already; nothing was written");
            return ExitCode.Failed;
        }

        SourceFile source;
        try
        {
            source = SourceFile.Decode(file, Read(file, terminal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"weir: {file} cannot be read: {e.Message}");
            return ExitCode.Failed;
        }

        Imported imported = Importer.Read(kind, source.Text, site);
        string? yaml = imported.Failed ? null : TopologyWriter.Write(imported, site, file == "-" ? "standard input" : Path.GetFileName(file));
        if (yaml is not null && output != "-")
        {
            try
            {
                Directory.CreateDirectory(output);
                AtomicFile.Replace(Path.GetFullPath(target), yaml);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                terminal.Error.WriteLine($"weir: {target} was not written: {e.Message}");
                return ExitCode.Failed;
            }
        }

        ImportReport report = new(file, imported, output == "-" ? null : target);
        if (format == OutputFormat.Json)
        {
            terminal.Out.Write(report.Json(yaml));
        }
        else
        {
            terminal.Out.Write(output == "-" ? yaml ?? "" : "");
            terminal.Error.Write(report.Text());
        }

        return yaml is null ? ExitCode.Failed : ExitCode.Done;
    }

    private static byte[] Read(string file, Terminal terminal)
    {
        if (file != "-")
        {
            return new FileInfo(file).Length <= SourceSet.MaximumFileBytes ? File.ReadAllBytes(file) : throw new IOException("it is larger than 16 MiB");
        }

        using MemoryStream bytes = new();
        terminal.In.CopyTo(bytes);
        return bytes.ToArray();
    }
}
