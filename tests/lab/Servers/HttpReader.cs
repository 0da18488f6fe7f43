using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Weir.Lab.Servers;

/// <summary>Reads HTTP/1.1 messages with Content-Length from a socket, for both sides.</summary>
internal sealed class HttpReader(Socket socket) : IDisposable
{
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _start;
    private int _end;

    /// <summary>The next message's start line and fields, up to the empty line; null when the peer closed before it began.</summary>
    /// <exception cref="IOException">Closed in the middle, or longer than 4,096 bytes.</exception>
    public async ValueTask<string?> ReadHeadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var length = Buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
            if (length >= 0)
            {
                var head = Encoding.ASCII.GetString(Buffer, _start, length + 2);
                _start += length + 4;
                return head;
            }

            if (!await FillAsync(cancellation))
            {
                return _start == _end ? null : throw new IOException("Closed within a message's head.");
            }
        }
    }

    /// <summary>Reads <paramref name="count"/> bytes of body and forgets them.</summary>
    public async ValueTask SkipAsync(long count, CancellationToken cancellation)
    {
        while (true)
        {
            var taken = (int)Math.Min(count, _end - _start);
            _start += taken;
            count -= taken;
            if (count == 0)
            {
                return;
            }

            if (!await FillAsync(cancellation))
            {
                throw new IOException("Closed within a message's body.");
            }
        }
    }

    /// <summary>0 without the field.</summary>
    public static long ContentLength(string head) =>
        Field(head, "Content-Length") is { } value ? long.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    /// <summary>The value of a header field, or null.</summary>
    public static string? Field(string head, string name)
    {
        var at = head.IndexOf($"\r\n{name}: ", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        at += name.Length + 4;
        return head[at..head.IndexOf("\r\n", at, StringComparison.Ordinal)];
    }

    public void Dispose()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(HttpReader));

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == Buffer.Length)
        {
            if (_start == 0)
            {
                throw new IOException("A message's head is too long.");
            }

            Buffer.AsSpan(_start, _end - _start).CopyTo(Buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = await socket.ReceiveAsync(Buffer.AsMemory(_end), SocketFlags.None, cancellation);
        _end += read;
        return read > 0;
    }
}
