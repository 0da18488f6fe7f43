using Newtonsoft.Json.Linq;
using NJsonSchema.Validation;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Structure;

/// <summary>Compares a source tree with <c>schemas/topology.schema.json</c>.</summary>
public static class StructureCheck
{
    /// <summary>All differences. What the root lacks is left out when the tree is incomplete: it may be in a file that could not be read.</summary>
    public static IReadOnlyList<Diagnostic> Check(SyntaxTree tree, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        SyntaxJsonReader reader = new(tree.Root);
        JToken json = JToken.Load(reader);
        StructureErrors errors = new(reader.Places);
        List<Diagnostic> diagnostics = [];
        foreach (ValidationError error in new JsonSchemaValidator().Validate(json, TopologySchema.Schema))
        {
            if (!tree.IsComplete && error.Kind == ValidationErrorKind.PropertyRequired && ReferenceEquals(error.Token, json))
            {
                continue;
            }

            diagnostics.AddRange(errors.Explain(error));
        }

        return diagnostics;
    }
}
