using System.Globalization;
using NJsonSchema;
using NJsonSchema.Validation;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Structure;

/// <summary>Turns the validator's errors into diagnostics, one for each leaf.</summary>
internal sealed class StructureErrors(List<SyntaxPlace> places)
{
    /// <summary>Longer texts are not shown again in a help.</summary>
    private const int LongestQuoted = 60;

    public IEnumerable<Diagnostic> Explain(ValidationError error)
    {
        // Several types were possible: only the sub-errors of the type that was used are of interest.
        IReadOnlyCollection<ICollection<ValidationError>> below = error switch
        {
            ChildSchemaValidationError { Kind: ValidationErrorKind.NotOneOf } choice =>
                [.. choice.Errors.Where(e => MeansTypeOf(e.Key.ActualSchema.Type, error)).Select(e => e.Value)],
            ChildSchemaValidationError child => [.. child.Errors.Values],
            MultiTypeValidationError multi => [.. multi.Errors.Where(e => MeansTypeOf(e.Key, error)).Select(e => e.Value)],
            _ => [],
        };
        List<Diagnostic> leaves = [.. below.SelectMany(errors => errors).SelectMany(Explain)];
        if (leaves.Count > 0)
        {
            return leaves;
        }

        SyntaxPlace place = places[error.LineNumber];
        if (error.Kind == ValidationErrorKind.PropertyRequired && !IsMissing(error, place.Node))
        {
            return [];
        }

        Diagnostic diagnostic = ExplainLeaf(error, place);
        return [place.Node.Alias is { } alias && alias != diagnostic.Span
            ? diagnostic with { Related = diagnostic.Related.Add(new RelatedSpan(alias, "used here")) }
            : diagnostic];
    }

    /// <summary>Not so where there is no mapping at all, or the key is there with a typing error: either is reported by itself.</summary>
    private static bool IsMissing(ValidationError error, SyntaxNode node)
    {
        ICollection<string> known = error.Schema.ActualSchema.Properties.Keys;
        return node is MappingNode mapping
            && !mapping.Entries.Any(e => !known.Contains(e.Key.Text) && Suggestion.For(e.Key.Text, known) == error.Property);
    }

    private bool MeansTypeOf(JsonObjectType type, ValidationError error) => places[error.LineNumber].Node switch
    {
        SequenceNode => type.HasFlag(JsonObjectType.Array),
        MappingNode => type.HasFlag(JsonObjectType.Object),
        ScalarNode { Kind: ScalarKind.Text } => type.HasFlag(JsonObjectType.String),
        _ => false,
    };

    private static Diagnostic ExplainLeaf(ValidationError error, SyntaxPlace place)
    {
        JsonSchema schema = error.Schema.ActualSchema;
        SourceSpan span = place.Node.Span;
        SourceSpan name = (place.Key ?? place.Node).Span;
        string what = place.Key is null ? "the list" : $"`{PlainText.Of(place.Key.Text)}`";
        string text = place.Node is ScalarNode scalar ? scalar.Text : string.Empty;
        if (error.Kind == ValidationErrorKind.BooleanExpected && OldBoolean(place.Node) is { } meant)
        {
            return Diagnose.WrongType(span, "true or false", Found(place.Node), "YAML 1.2, which Weir reads, knows `true` and `false` alone", meant);
        }

        return error.Kind switch
        {
            ValidationErrorKind.NoAdditionalPropertiesAllowed when schema.PatternProperties.Count > 0 =>
                Diagnose.MalformedText(name, place.Key!.Text, NameForm(schema)),
            ValidationErrorKind.NoAdditionalPropertiesAllowed =>
                Diagnose.UnknownKey(name, place.Key!.Text, [.. schema.Properties.Keys.Order(StringComparer.Ordinal)]),
            ValidationErrorKind.PropertyRequired =>
                Diagnose.MissingKey(name, error.Property ?? "", Meaning(schema.Properties.TryGetValue(error.Property ?? "", out JsonSchemaProperty? missing) ? missing : null)),
            ValidationErrorKind.NumberTooBig or ValidationErrorKind.NumberTooSmall => Diagnose.OutOfRange(span, text, Range(schema)),
            ValidationErrorKind.NotInEnumeration when place.Node is ScalarNode { Kind: ScalarKind.Text } =>
                Diagnose.NotAllowed(span, text, [.. schema.Enumeration.Select(e => Convert.ToString(e, CultureInfo.InvariantCulture)!)]),
            ValidationErrorKind.PatternMismatch => Diagnose.MalformedText(span, text, Meaning(schema)),
            ValidationErrorKind.TooFewItems or ValidationErrorKind.TooFewProperties => Diagnose.TooFew(name, what, Meaning(schema)),
            ValidationErrorKind.TooManyItems => Diagnose.TooMany(name, what, Limit(schema.MaxItems), Meaning(schema)),
            ValidationErrorKind.TooManyProperties => Diagnose.TooMany(name, what, Limit(schema.MaxProperties), Meaning(schema)),
            ValidationErrorKind.StringTooShort or ValidationErrorKind.StringTooLong =>
                Diagnose.TextLength(span, $"{Limit(schema.MinLength ?? 0)} to {Limit(schema.MaxLength ?? 1024)}", Meaning(schema)),
            ValidationErrorKind.StringExpected or ValidationErrorKind.IntegerExpected or ValidationErrorKind.ObjectExpected
                or ValidationErrorKind.ArrayExpected or ValidationErrorKind.BooleanExpected or ValidationErrorKind.NoTypeValidates
                or ValidationErrorKind.NotOneOf or ValidationErrorKind.NotInEnumeration =>
                Diagnose.WrongType(span, Expected(Types(schema)), Found(place.Node), Quoting(Types(schema), place.Node) ?? Meaning(schema)),
            _ => Diagnose.SchemaViolation(span, error.Kind.ToString()),
        };
    }

    private static JsonObjectType Types(JsonSchema schema) =>
        schema.OneOf.Aggregate(schema.Type, (types, choice) => types | choice.ActualSchema.Type);

    /// <summary>What YAML 1.1 took a word for, or null.</summary>
    private static string? OldBoolean(SyntaxNode node) => node is ScalarNode { Kind: ScalarKind.Text } word
        ? word.Text.ToLowerInvariant() switch
        {
            "yes" or "y" or "on" or "true" => "true",
            "no" or "n" or "off" or "false" => "false",
            _ => null,
        }
        : null;

    private static string? Meaning(JsonSchema? schema) => schema?.ActualSchema.Description;

    private static string? NameForm(JsonSchema schema) => Meaning(schema.PatternProperties.First().Value);

    private static string Range(JsonSchema schema) => $"{Limit(schema.Minimum)} to {Limit(schema.Maximum)}";

    private static string Limit(IFormattable? number) => number?.ToString("0", CultureInfo.InvariantCulture) ?? "any";

    private static string Expected(JsonObjectType type) => string.Join(" or ", Enum.GetValues<JsonObjectType>()
        .Where(t => t != JsonObjectType.None && type.HasFlag(t))
        .Select(t => t switch
        {
            JsonObjectType.String => "a string",
            JsonObjectType.Integer => "a whole number",
            JsonObjectType.Object => "a mapping",
            JsonObjectType.Array => "a list",
            JsonObjectType.Boolean => "true or false",
            _ => t.ToString(),
        })
        .OrderDescending(StringComparer.Ordinal));

    private static string Found(SyntaxNode node) => node switch
    {
        MappingNode => "a mapping",
        SequenceNode => "a list",
        ScalarNode { Kind: ScalarKind.Null } => "nothing",
        ScalarNode { Kind: ScalarKind.Boolean } scalar => $"the boolean `{scalar.Text}`",
        ScalarNode { Kind: ScalarKind.WholeNumber or ScalarKind.RealNumber } scalar => $"the number `{scalar.Text}`",
        _ => $"the string `{((ScalarNode)node).Text}`",
    };

    private static string? Quoting(JsonObjectType type, SyntaxNode node) => node is ScalarNode { Kind: var kind } scalar && kind != ScalarKind.Null
        ? (type.HasFlag(JsonObjectType.String), type.HasFlag(JsonObjectType.Integer), kind) switch
        {
            (true, _, not ScalarKind.Text) when scalar.Text.Length > LongestQuoted => "put quotes around it, if that is what is meant",
            (true, _, not ScalarKind.Text) => $"write \"{PlainText.Of(scalar.Text)}\" with quotes, if that is what is meant",
            (_, true, ScalarKind.Text) => "write the number without quotes",
            _ => null,
        }
        : null;
}
