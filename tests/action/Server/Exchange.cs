using System.Collections.Immutable;

namespace Weir.Action.Tests.Server;

/// <summary>A request that the server got.</summary>
internal sealed record Exchange(string Method, string Path, string Authorization, string Body);

/// <summary>What a server says instead of doing what it was asked.</summary>
/// <param name="AlsoDoIt">It does it all the same, and only the answer is another: as when an answer is lost on its way.</param>
internal sealed record Answer(int Status, ImmutableDictionary<string, string>? Headers = null, bool AlsoDoIt = false);

/// <summary>A comment on pull request 7.</summary>
internal sealed record Comment(long Id, string Author, string Body);
