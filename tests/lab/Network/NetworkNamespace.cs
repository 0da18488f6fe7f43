using System.Collections.Concurrent;

namespace Weir.Lab.Network;

/// <summary>A named network namespace of ours with a thread inside. A socket stays in the namespace of the thread that
/// created it, so one process can hold servers and clients of many hosts.</summary>
public sealed class NetworkNamespace : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    private NetworkNamespace(string name)
    {
        Name = name;
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    public string Name { get; }

    public string Path => PathOf(Name);

    /// <summary>Where iproute2 keeps the namespace called <paramref name="name"/>.</summary>
    public static string PathOf(string name) => $"/run/netns/{name}";

    /// <summary>Enters the existing namespace <paramref name="name"/> and owns it from here on.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is none, or we are not root.</exception>
    public static NetworkNamespace Open(string name)
    {
        var opened = new NetworkNamespace(name);
        try
        {
            opened.Run(() =>
            {
                Libc.EnterNetworkNamespace(PathOf(name));
                return true;
            });
            return opened;
        }
        catch
        {
            opened._work.CompleteAdding();
            throw;
        }
    }

    /// <summary>Runs <paramref name="job"/> on the thread inside, one job after the other.</summary>
    public Task<T> RunAsync<T>(Func<T> job)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(job());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return done.Task;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public T Run<T>(Func<T> job) => RunAsync(job).GetAwaiter().GetResult();

    /// <summary>Writes below /proc/sys/net, as seen from inside; <paramref name="key"/> with slashes.</summary>
    public void Set(string key, int value) => Set(key, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Set(string, int)"/>
    public void Set(string key, string value) => Run(() =>
    {
        File.WriteAllText($"/proc/sys/net/{key}", value);
        return true;
    });

    /// <summary>Takes the name away. The namespace ends with the last process or socket in it.</summary>
    public static void Remove(string name)
    {
        Libc.Detach(PathOf(name));
        File.Delete(PathOf(name));
    }

    public void Dispose()
    {
        if (!_work.IsAddingCompleted)
        {
            _work.CompleteAdding();
            _thread.Join();
            Remove(Name);
        }
    }

    private void Work()
    {
        foreach (var job in _work.GetConsumingEnumerable())
        {
            job();
        }
    }
}
