using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Weir.Testing;

/// <summary>A folder that holds a test's inputs and, beside them, every output expected of it.
/// <code>
/// var baseline = new BaselineCase("tests/compiler/diagnostics/port-zero", inputs: ["topology"]);
/// baseline.Output("diagnostics.txt", rendered);
/// baseline.Verify();
/// </code>
/// With <c>WEIR_ACCEPT=1</c> in the environment the outputs are written instead of compared.</summary>
public sealed class BaselineCase
{
    private readonly SortedDictionary<string, string> _outputs = new(StringComparer.Ordinal);
    private readonly ImmutableArray<string> _inputs;
    private readonly string _folder;
    private readonly string _root;
    private readonly bool _accept;

    /// <param name="folder">Path below the repository's root, with <c>/</c> between parts.</param>
    /// <param name="inputs">Files and folders in it that are inputs. Every other file must be an output.</param>
    public BaselineCase(string folder, params ReadOnlySpan<string> inputs)
        : this(RepositoryRoot.Path, folder, Environment.GetEnvironmentVariable("WEIR_ACCEPT") == "1", inputs)
    {
    }

    internal BaselineCase(string root, string folder, bool accept, ReadOnlySpan<string> inputs)
    {
        _root = root;
        _folder = folder.TrimEnd('/');
        _accept = accept;
        _inputs = [.. inputs];
    }

    /// <summary>The case's folder on disk.</summary>
    public string Directory => Path.Combine(_root, _folder);

    /// <summary>States an output. Line ends are compared as they are; the text should end with a line feed.</summary>
    /// <param name="name">Path in the folder, with <c>/</c> between parts.</param>
    public BaselineCase Output(string name, string text)
    {
        _outputs.Add(name, text);
        return this;
    }

    /// <summary>Compares every output with its file, or writes it.</summary>
    /// <exception cref="BaselineMismatchException">An output differs, is new, or is no longer produced: the message has the diff
    /// and the command that accepts it.</exception>
    public void Verify()
    {
        List<string> stale = [.. ExpectedFiles().Where(name => !_outputs.ContainsKey(name))];
        if (_accept)
        {
            Write(stale);
            return;
        }

        StringBuilder findings = new();
        foreach ((string name, string actual) in _outputs)
        {
            string path = Path.Combine(Directory, name);
            if (!File.Exists(path))
            {
                findings.Append(CultureInfo.InvariantCulture, $"\n{_folder}/{name} does not exist yet:\n{TextDiff.Render(string.Empty, actual)}");
            }
            else if (File.ReadAllText(path) is var expected && expected != actual)
            {
                findings.Append(CultureInfo.InvariantCulture, $"\n{_folder}/{name} differs (- expected, + actual):\n{TextDiff.Render(expected, actual)}");
            }
        }

        foreach (string name in stale)
        {
            findings.Append(CultureInfo.InvariantCulture, $"\n{_folder}/{name} is produced no longer.\n");
        }

        if (findings.Length > 0)
        {
            throw new BaselineMismatchException($"{findings}\nIf this is what it should be: WEIR_ACCEPT=1 dotnet run --project {Project()}\n");
        }
    }

    private void Write(List<string> stale)
    {
        foreach ((string name, string actual) in _outputs)
        {
            string path = Path.Combine(Directory, name);
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        foreach (string name in stale)
        {
            File.Delete(Path.Combine(Directory, name));
        }
    }

    private IEnumerable<string> ExpectedFiles() => System.IO.Directory.Exists(Directory)
        ? System.IO.Directory.EnumerateFiles(Directory, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Directory, path).Replace('\\', '/'))
            .Where(name => !_inputs.Any(input => name == input || name.StartsWith(input + "/", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
        : [];

    /// <summary>The nearest folder above the case that holds a project.</summary>
    private string Project()
    {
        for (string? at = _folder; !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
        {
            string path = Path.Combine(_root, at);
            if (System.IO.Directory.Exists(path) && System.IO.Directory.EnumerateFiles(path, "*.csproj").Any())
            {
                return at;
            }
        }

        return "PROJECT";
    }
}
