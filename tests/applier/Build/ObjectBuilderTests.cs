using System.Text;
using Weir.Applier.Build;
using Weir.Applier.Tests.Libbpf;
using Xunit;

namespace Weir.Applier.Tests.Build;

public sealed class ObjectBuilderTests
{
    private static readonly byte[] s_mark = Encoding.UTF8.GetBytes(Programs.Mark);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_builds_give_the_same_bytes_and_name_no_folder_of_the_host()
    {
        ObjectBuilder builder = new(await Clang.FindAsync(cancellation: Cancellation));

        BuiltObject first = await builder.BuildAsync(s_mark, 2, Cancellation);
        BuiltObject second = await builder.BuildAsync(s_mark, 2, Cancellation);

        Assert.False(second.Cached);
        Assert.Equal(first.Key, second.Key);
        Assert.Equal(first.Elf, second.Elf);
        Assert.DoesNotContain("weir-build-", Encoding.Latin1.GetString(first.Elf), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_knows_program_cpus_and_compiler()
    {
        Clang clang = await Clang.FindAsync(cancellation: Cancellation);
        ObjectBuilder builder = new(clang);
        string key = (await builder.BuildAsync(s_mark, 2, Cancellation)).Key;

        Assert.NotEqual(key, (await builder.BuildAsync(s_mark, 4, Cancellation)).Key);
        Assert.NotEqual(key, (await builder.BuildAsync(Encoding.UTF8.GetBytes(Programs.Mark + "\n"), 2, Cancellation)).Key);
        Assert.NotEqual(key, (await new ObjectBuilder(clang with { Version = clang.Version + " patched" }).BuildAsync(s_mark, 2, Cancellation)).Key);
    }

    [Fact]
    public async Task The_cache_answers_for_clang_and_heals_itself()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("weir-test-");
        try
        {
            ObjectCache cache = new(Path.Combine(folder.FullName, "objects"));
            ObjectBuilder builder = new(await Clang.FindAsync(cancellation: Cancellation), cache);

            BuiltObject built = await builder.BuildAsync(s_mark, 2, Cancellation);
            BuiltObject cached = await builder.BuildAsync(s_mark, 2, Cancellation);
            Assert.False(built.Cached);
            Assert.True(cached.Cached);
            Assert.Equal(built.Elf, cached.Elf);

            string path = cache.PathOf(built.Key);
            byte[] entry = await File.ReadAllBytesAsync(path, Cancellation);
            entry[100] ^= 1;
            await File.WriteAllBytesAsync(path, entry, Cancellation);
            BuiltObject healed = await builder.BuildAsync(s_mark, 2, Cancellation);
            Assert.False(healed.Cached);
            Assert.Equal(built.Elf, healed.Elf);
            Assert.True((await builder.BuildAsync(s_mark, 2, Cancellation)).Cached);

            await File.WriteAllBytesAsync(path, entry.AsMemory(0, 16), Cancellation);
            Assert.False((await builder.BuildAsync(s_mark, 2, Cancellation)).Cached);
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Clangs_refusal_is_told_with_its_line()
    {
        ObjectBuilder builder = new(await Clang.FindAsync(cancellation: Cancellation));

        BuildException error = await Assert.ThrowsAsync<BuildException>(() => builder.BuildAsync("int x = y;"u8.ToArray(), 2, Cancellation));
        Assert.Contains("lb.bpf.c:1:9: error: use of undeclared identifier 'y'", error.Message, StringComparison.Ordinal);

        BuildException warning = await Assert.ThrowsAsync<BuildException>(() => builder.BuildAsync("int f(void) { int x; return 0; }"u8.ToArray(), 2, Cancellation));
        Assert.Contains("unused variable", warning.CompilerOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hosts_headers_do_not_exist_for_a_program()
    {
        ObjectBuilder builder = new(await Clang.FindAsync(cancellation: Cancellation));

        BuildException error = await Assert.ThrowsAsync<BuildException>(() => builder.BuildAsync("#include <linux/types.h>\n"u8.ToArray(), 2, Cancellation));
        Assert.Contains("'linux/types.h' file not found", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_compiler_runs_confined()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("weir-test-");
        try
        {
            // A compiler that says what it was given.
            string spy = Path.Combine(folder.FullName, "clang");
            await File.WriteAllTextAsync(spy, "#!/bin/sh\n/usr/bin/env >&2\n/bin/cat /proc/self/status >&2\nulimit -v >&2\nexit 1\n", Cancellation);
            File.SetUnixFileMode(spy, UnixFileMode.UserRead | UnixFileMode.UserExecute);

            BuildException error = await Assert.ThrowsAsync<BuildException>(() => new ObjectBuilder(new Clang(spy, 16, "spy")).BuildAsync(s_mark, 2, Cancellation));

            Assert.Matches(@"CapEff:\s+0000000000000000\n", error.CompilerOutput);
            Assert.Matches(@"CapBnd:\s+0000000000000000\n", error.CompilerOutput);
            Assert.Matches(@"NoNewPrivs:\s+1\n", error.CompilerOutput);
            Assert.EndsWith("\n4194304", error.CompilerOutput, StringComparison.Ordinal);
            Assert.DoesNotContain("PATH=", error.CompilerOutput, StringComparison.Ordinal);
            Assert.DoesNotContain("HOME=", error.CompilerOutput, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_cancelled_build_stops_its_compiler()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("weir-test-");
        try
        {
            string sleeper = Path.Combine(folder.FullName, "clang");
            string pid = Path.Combine(folder.FullName, "pid");
            await File.WriteAllTextAsync(sleeper, $"#!/bin/sh\necho $$ > {pid}.new\n/bin/mv {pid}.new {pid}\nexec /bin/sleep 1000\n", Cancellation);
            File.SetUnixFileMode(sleeper, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

            Task<BuiltObject> build = new ObjectBuilder(new Clang(sleeper, 16, "sleeper")).BuildAsync(s_mark, 2, stop.Token);
            while (!File.Exists(pid))
            {
                await Task.Delay(10, Cancellation);
            }

            int process = int.Parse(await File.ReadAllTextAsync(pid, Cancellation), System.Globalization.CultureInfo.InvariantCulture);
            await stop.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
            Assert.False(Directory.Exists($"/proc/{process}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_compiler_that_never_ends_is_stopped()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("weir-test-");
        try
        {
            string sleeper = Path.Combine(folder.FullName, "clang");
            await File.WriteAllTextAsync(sleeper, "#!/bin/sh\nexec /bin/sleep 1000\n", Cancellation);
            File.SetUnixFileMode(sleeper, UnixFileMode.UserRead | UnixFileMode.UserExecute);

            BuildException error = await Assert.ThrowsAsync<BuildException>(() => new ObjectBuilder(new Clang(sleeper, 16, "sleeper"), time: new HurriedTime()).BuildAsync(s_mark, 2, Cancellation));

            Assert.Equal("clang was stopped after 60 seconds.", error.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("0-1\n", 2)]
    [InlineData("0\n", 1)]
    [InlineData("0-3,8-11\n", 12)]
    [InlineData("0,2\n", 3)]
    public void Possible_cpus_are_read_from_the_kernels_list(string list, int count) => Assert.Equal(count, PossibleCpus.Parse(list));

    [Fact]
    public void Slices_are_a_power_of_two_and_enough()
    {
        Assert.True(int.IsPow2(PossibleCpus.Capacity));
        Assert.True(PossibleCpus.Capacity >= PossibleCpus.Count);
    }

    [Fact]
    public async Task A_compiler_that_is_none_is_refused()
    {
        await Assert.ThrowsAsync<BuildException>(() => Clang.FindAsync("/nowhere/clang", Cancellation));
        await Assert.ThrowsAsync<BuildException>(() => Clang.FindAsync("/bin/true", Cancellation));
        Assert.True((await Clang.FindAsync(cancellation: Cancellation)).Major >= Clang.OldestMajor);
    }

    /// <summary>A minute passes in 60 ms.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 1000 : dueTime, period);
    }
}
