namespace Weir.Kernels.Tests;

/// <summary>A guest's whole file system: put together in a folder, packed for the kernel.</summary>
internal sealed class Initramfs(string folder)
{
    private static readonly string[] Programs = ["ip", "ethtool", "socat", "nsenter"];

    public string Folder { get; } = folder;

    /// <summary>Adds busybox, the programs busybox has no match for, and the guest's scripts.</summary>
    public async Task AddBase(CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "bin"));
        Directory.CreateDirectory(Path.Combine(Folder, "sbin"));
        File.Copy(await Which("busybox", cancel), Path.Combine(Folder, "bin/busybox"));
        foreach (string program in Programs)
        {
            string source = await Which(program, cancel);
            File.Copy(source, Path.Combine(Folder, "sbin", program));
            await AddLibraries(source, cancel);
        }

        CopyFolder(Path.Combine(Testing.RepositoryRoot.Path, "tests/kernels/guest"), Path.Combine(Folder, "guest"));
        File.Copy(Path.Combine(Folder, "guest/init"), Path.Combine(Folder, "init"));
    }

    /// <summary>Adds the libraries that a program or library of the host is linked against, loader included, at the same paths.</summary>
    public async Task AddLibraries(string binary, CancellationToken cancel)
    {
        // Lines are "NAME => PATH (ADDRESS)" and, for the loader, "PATH (ADDRESS)".
        foreach (string line in (await Command.Run("ldd", [binary], cancel)).Split('\n'))
        {
            string? path = line.Split(' ', '\t').FirstOrDefault(x => x.StartsWith('/'));
            if (path is not null)
            {
                AddFile(path);
            }
        }
    }

    /// <summary>Adds one file of the host at the same path, following links.</summary>
    public void AddFile(string path)
    {
        string target = Folder + path;
        if (!File.Exists(target))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }

    public static void CopyFolder(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Not compressed: under emulation, unpacking costs more than loading.</summary>
    public Task Pack(string archive, CancellationToken cancel) =>
        Command.Run("sh", ["-c", "find . | busybox cpio -o -H newc >\"$0\"", archive], cancel, Folder);

    public static async Task<string> Which(string program, CancellationToken cancel) =>
        (await Command.Run("sh", ["-c", "PATH=$PATH:/usr/sbin:/sbin; readlink -f \"$(command -v \"$0\")\"", program], cancel)).TrimEnd();
}
