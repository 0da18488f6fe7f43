using System.Text.RegularExpressions;
using Weir.Testing;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Weir.Action.Tests;

/// <summary>What the runner reads of the action and of the workflows here and in the examples.</summary>
public sealed partial class ActionFileTests
{
    public static TheoryData<string> Workflows { get; } = new(Directory.EnumerateFiles(RepositoryRoot.Path, "*.y*ml", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(RepositoryRoot.Path, path).Replace('\\', '/'))
        .Where(path => path.Contains(".github/workflows/", StringComparison.Ordinal) && !path.StartsWith("artifacts/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal));

    private static YamlMappingNode Action => Read(".github/actions/plan/action.yml");

    /// <summary>An expression in a script is text of others run as code; in an environment it is text.</summary>
    [Fact]
    public void No_script_of_the_action_contains_an_expression()
    {
        YamlNode[] scripts = [.. Values(Action, "run")];
        Assert.Equal(3, scripts.Length);
        Assert.All(scripts, script => Assert.DoesNotContain("${{", script.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Workflows_put_no_expression_into_scripts_and_state_what_their_token_may_do(string path)
    {
        YamlMappingNode workflow = Read(path);
        Assert.All(Values(workflow, "run"), script => Assert.DoesNotContain("${{", script.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("pull_request_target", workflow["on"].ToString(), StringComparison.Ordinal);
        Assert.Equal("read", workflow["permissions"]["contents"].ToString());
        Assert.All(((YamlMappingNode)workflow["jobs"]).Children.Values, job => Assert.Contains("timeout-minutes", ((YamlMappingNode)job).Children.Keys.Select(key => key.ToString())));
    }

    [Fact]
    public void Every_input_is_used_and_every_input_used_is_declared()
    {
        string text = File.ReadAllText(Path.Combine(ActionRun.Folder, "action.yml"));
        Assert.Equal(
            ((YamlMappingNode)Action["inputs"]).Children.Keys.Select(key => key.ToString()).Order(StringComparer.Ordinal),
            Input().Matches(text).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_output_is_one_that_the_script_writes()
    {
        string script = File.ReadAllText(Path.Combine(ActionRun.Folder, "plan.sh"));
        HashSet<string> written = [.. Output().Matches(script).Select(match => match.Groups[1].Value), .. Loop().Match(script).Groups[1].Value.Split(' ')];
        Assert.Equal(
            ((YamlMappingNode)Action["outputs"]).Children.Keys.Select(key => key.ToString()).Order(StringComparer.Ordinal),
            written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Workflows_that_use_the_action_give_it_inputs_that_it_has()
    {
        HashSet<string> known = [.. ((YamlMappingNode)Action["inputs"]).Children.Keys.Select(key => key.ToString())];
        YamlMappingNode[] uses = [.. Workflows.SelectMany(path => Steps(Read(path.Data))).Where(step => step.Children.TryGetValue("uses", out YamlNode? used) && used.ToString().Contains(".github/actions/plan", StringComparison.Ordinal))];
        Assert.NotEmpty(uses);
        Assert.All(uses.Where(step => step.Children.ContainsKey("with")), step => Assert.Subset(known, new HashSet<string>(((YamlMappingNode)step["with"]).Children.Keys.Select(key => key.ToString()))));
    }

    private static YamlMappingNode Read(string path)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(RepositoryRoot.Path, path))));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode workflow) =>
        ((YamlMappingNode)workflow["jobs"]).Children.Values.SelectMany(job => ((YamlSequenceNode)job["steps"]).Children.Cast<YamlMappingNode>());

    private static IEnumerable<YamlNode> Values(YamlNode node, string key) => node switch
    {
        YamlMappingNode mapping => mapping.Children.SelectMany(pair => pair.Value is YamlScalarNode && pair.Key.ToString() == key ? [pair.Value] : Values(pair.Value, key)),
        YamlSequenceNode sequence => sequence.Children.SelectMany(child => Values(child, key)),
        _ => [],
    };

    [GeneratedRegex(@"inputs\.([a-z-]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Input();

    [GeneratedRegex(@"for name in ([a-z -]+);", RegexOptions.CultureInvariant)]
    private static partial Regex Loop();

    [GeneratedRegex(@"\boutput ([a-z-]+) ", RegexOptions.CultureInvariant)]
    private static partial Regex Output();
}
