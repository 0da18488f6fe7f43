using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Weir.Compiler.Lowering;

namespace Weir.Compiler.Emit;

/// <summary>Prints a data plane as one C program. The templates in <c>bpf/templates</c> choose what exists; the headers in
/// <c>bpf/weir</c> say how it is done. The text depends on the data plane alone.</summary>
public static class ProgramEmitter
{
    private const string Folder = "bpf/templates/";

    private static readonly ConcurrentDictionary<string, Template> Parsed = new(StringComparer.Ordinal);

    /// <summary>The C text, lines ended by a line feed. It compiles with the folder above <c>weir/</c> on the include path and
    /// <c>WEIR_CPUS</c> defined as a power of two.</summary>
    public static string Emit(DataPlane dataPlane)
    {
        // The defaults would cut the output at 1 MiB without a word and stop loops at 1,000 turns.
        TemplateContext context = new()
        {
            StrictVariables = true,
            EnableRelaxedMemberAccess = false,
            LoopLimit = 0,
            LimitToString = 0,
            TemplateLoader = new EmbeddedTemplates(),
            NewLine = "\n",
        };
        context.PushCulture(CultureInfo.InvariantCulture);
        context.PushGlobal(ProgramText.Describe(dataPlane));
        return Parse("program").Render(context);
    }

    private static Template Parse(string name) => Parsed.GetOrAdd(name, static name =>
    {
        Template template = Template.Parse(ReadTemplate(name), name);
        return template.HasErrors
            ? throw new InvalidOperationException($"Template {name}: {string.Join("; ", template.Messages)}")
            : template;
    });

    private static string ReadTemplate(string name)
    {
        string resource = $"{Folder}{name}.scriban";
        using Stream stream = typeof(ProgramEmitter).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The template {resource} is missing from the assembly.");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private sealed class EmbeddedTemplates : ITemplateLoader
    {
        public string GetPath(TemplateContext context, SourceSpan callerSpan, string templateName) => templateName;

        public string Load(TemplateContext context, SourceSpan callerSpan, string templatePath) => ReadTemplate(templatePath);

        public ValueTask<string?> LoadAsync(TemplateContext context, SourceSpan callerSpan, string templatePath) => new(Load(context, callerSpan, templatePath));
    }
}
