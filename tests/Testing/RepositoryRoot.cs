namespace Weir.Testing;

/// <summary>The checkout that tests run in: the nearest folder above the test's binary that holds <c>Weir.slnx</c>.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(at.FullName, "Weir.slnx")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("No Weir.slnx above the test's folder.");
    }
}
