namespace Weir.Compiler.Diagnostics;

/// <summary>10xx: files, YAML and merging.</summary>
public static partial class Diagnose
{
    public static Diagnostic NoFiles(string place) =>
        Error(1001, SourceSpan.None, $"{Path(place)} holds no *.yaml file") with { Help = "name the directory that holds the topology" };

    /// <param name="looksLike">The encoding that it is in by all appearance, or null.</param>
    public static Diagnostic NotUtf8(SourceSpan span, string? looksLike = null) =>
        Error(1002, span, "the file is not UTF-8") with { Help = looksLike is null ? "save it as UTF-8" : $"it looks like {looksLike}: save it as UTF-8" };

    public static Diagnostic SymbolicLink(SourceSpan file) =>
        Error(1003, file, $"{Quote(file.File)} is a symbolic link, and those are not followed") with
        {
            Help = "put the file itself here: a topology must not depend on what lies outside its directory",
        };

    public static Diagnostic IgnoredExtension(SourceSpan file) =>
        Warning(1004, file, $"{Quote(file.File)} is not read: only *.yaml is") with { Help = "rename it, or move it elsewhere" };

    public static Diagnostic TooLarge(SourceSpan file, string what, long limit) =>
        Error(1005, file, $"the topology has too many {what}: at most {limit} are read") with { Help = "split the topology into several directories" };

    public static Diagnostic ControlCharacter(SourceSpan span, int character) =>
        Error(1006, span, $"control character U+{character:X4}") with { Help = "remove it; in a quoted string it can be written as an escape" };

    public static Diagnostic InvalidYaml(SourceSpan span, string reason) => Error(1007, span, $"not valid YAML: {PlainText.Of(reason)}");

    public static Diagnostic TabIndentation(SourceSpan span) =>
        Error(1008, span, "a tab is used for indentation") with { Help = "YAML is indented by spaces" };

    public static Diagnostic Unclosed(SourceSpan span, char bracket) =>
        Error(1009, span, $"this `{bracket}` is not closed") with { Help = $"add the closing `{Closing(bracket)}`" };

    public static Diagnostic SeveralDocuments(SourceSpan second) =>
        Error(1010, second, "a second YAML document starts here") with { Help = "one document per file: put it into a file of its own" };

    public static Diagnostic RootNotMapping(SourceSpan span) =>
        Error(1011, span, "the file is not a mapping") with { Help = "a topology file is made of keys such as `sites`, `pools` and `vips`" };

    public static Diagnostic DuplicateKey(SourceSpan span, string key, SourceSpan first) =>
        Error(1012, span, $"{Quote(key)} is defined twice").With(first, "first defined here") with { Help = "rename or remove one of the two" };

    public static Diagnostic UnknownAnchor(SourceSpan span, string anchor, string? suggestion) =>
        (Error(1013, span, $"there is no anchor {Quote("&" + anchor)} before this alias") with { Help = "an anchor is defined in the same file, above its use" })
            .DidYouMean(suggestion is null ? null : "*" + suggestion);

    public static Diagnostic RecursiveAlias(SourceSpan span, string anchor, SourceSpan definition) =>
        Error(1014, span, $"alias {Quote("*" + anchor)} is used within its own anchor").With(definition, "the anchor is here");

    public static Diagnostic AliasExpansion(SourceSpan span, long limit) =>
        Error(1015, span, $"aliases expand to more than {limit} values") with { Help = "write the values out, or use fewer aliases of aliases" };

    public static Diagnostic TooDeep(SourceSpan span, int limit) => Error(1016, span, $"nested more than {limit} levels deep");

    public static Diagnostic InvalidMerge(SourceSpan span) =>
        Error(1017, span, "`<<` merges mappings only") with { Help = "write `<<: *anchor` or `<<: [*first, *second]`, of anchors on mappings" };

    public static Diagnostic InvalidKey(SourceSpan span) =>
        Error(1018, span, "a key must be a string") with { Help = "put quotes around it, if that is what is meant" };

    public static Diagnostic TagNotAllowed(SourceSpan span, string tag) =>
        Error(1019, span, $"tag {Quote(tag)} is not part of the language") with { Help = "remove the tag; quotes make a string" };

    /// <param name="reason">A clause without a full stop.</param>
    public static Diagnostic Unreadable(SourceSpan file, string place, string reason) =>
        Error(1020, file, $"cannot read {Path(place)}: {PlainText.Of(reason)}");

    /// <param name="end">The marker that ends it, or <see cref="SourceSpan.None"/>.</param>
    public static Diagnostic MergeConflict(SourceSpan span, SourceSpan end) =>
        Error(1021, span, "a merge conflict is left in the file").With(end, "it ends here") with { Help = "choose between its sides, and remove the markers" };

    public static Diagnostic OtherYaml(SourceSpan span, string version) =>
        Error(1022, span, $"the file asks for YAML {PlainText.Of(version)}; Weir reads YAML 1.2") with
        {
            Help = "remove the directive; mind that `yes`, `on` and `012` mean other things in YAML 1.1",
        };

    private static char Closing(char bracket) => bracket switch
    {
        '[' => ']',
        '{' => '}',
        _ => bracket,
    };
}
