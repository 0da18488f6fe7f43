using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Weir.Cli;

/// <summary>The library's help, with examples below it.</summary>
internal sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        int code = standard.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in ExamplesOf(parseResult.CommandResult.Command.Name))
        {
            output.WriteLine($"  {example}");
        }

        output.WriteLine();
        return code;
    }

    private static string[] ExamplesOf(string command) => command switch
    {
        "validate" => ["weir validate topology", "weir validate topology --format github --warnings-as-errors", "weir validate topology --format sarif > weir.sarif"],
        "build" =>
        [
            "weir build topology --site ams1",
            "weir build topology --site ams1 -o out/ams1 --rev origin/main",
            "weir build topology --site ams1 -o out/next --compare out/ams1",
        ],
        "explain" =>
        [
            "weir explain \"tcp 198.51.100.7:5555 -> 203.0.113.10:443\" topology --site ams1",
            "weir explain \"udp [2001:db8::1]:5555 -> [2001:db8::10]:53 length 1500\" --site ams1 --format json",
            "weir explain \"tcp 198.51.100.7:5555 -> 203.0.113.10:443\" --site ams1 --rev HEAD --against origin/main",
            "weir explain --pcap capture.pcapng topology --site ams1",
            "weir explain WEIR1203",
            "weir explain unused-pool",
            "weir explain --list",
        ],
        "plan" => ["weir plan topology --base origin/main", "weir plan topology --base origin/main --head HEAD --format markdown -o plan.md"],
        "init" => ["weir init", "weir init load-balancers"],
        "snapshot" => ["weir snapshot topology", "weir snapshot topology --check", "weir snapshot topology -o -"],
        "fmt" => ["weir fmt topology", "weir fmt --check topology", "weir fmt - < vips.yaml"],
        "schema" => ["weir schema > topology.schema.json", "weir schema --format markdown > topology.md"],
        "import" => ["weir import ipvs keepalived.conf -o topology --site ams1 --source 10.10.0.1 --gateway 10.10.0.254", "ipvsadm -Sn | weir import ipvs -"],
        "completion" => ["source <(weir completion bash)", "weir completion zsh > \"${fpath[1]}/_weir\"", "weir completion fish > ~/.config/fish/completions/weir.fish"],
        _ =>
        [
            "weir init",
            "weir validate topology",
            "weir plan topology --base origin/main",
            "weir explain \"tcp 198.51.100.7:5555 -> 203.0.113.10:443\" topology --site ams1",
            "weir build topology --site ams1 -o out/ams1",
        ],
    };
}
