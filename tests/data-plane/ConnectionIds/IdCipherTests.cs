using System.Buffers.Binary;
using System.Text;
using Weir.Applier.Build;
using Weir.Applier.Keys;
using Weir.Applier.Libbpf;
using Weir.Compiler.Model.ConnectionIds;
using Xunit;

namespace Weir.DataPlaneTests.ConnectionIds;

/// <summary><c>weir/id_cipher.h</c> in this kernel against the model, for every length there is.</summary>
public sealed class IdCipherTests
{
    private const int LongestServerId = 15, ShortestNonce = 4, IdAt = 28;
    private const uint Drop = 1, Tx = 3;

    private static readonly ValueTuple<int, int>[] Lengths =
    [
        .. from server in Enumerable.Range(1, LongestServerId)
           from nonce in Enumerable.Range(ShortestNonce, IdCipher.Longest)
           where server + nonce <= IdCipher.Longest
           select (server, nonce),
    ];

    /// <summary>The first four bytes of the frame are the config; the connection id begins at byte 27; the server id is left in bytes 0 to 15.</summary>
    private const string Source = """
        #include "weir/id_cipher.h"

        SEC("xdp") int open_ids(struct xdp_md *ctx)
        {
            __u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
            __u64 server_id[2] = {};
            int opened;

            if (data + 16 > end)
                return XDP_ABORTED;
            opened = open_server_id(ctx, 27, *(__u16 *)data, server_id);
            data = (void *)(long)ctx->data, end = (void *)(long)ctx->data_end;
            if (data + 16 > end)
                return XDP_ABORTED;
            __builtin_memcpy(data, server_id, sizeof server_id);
            return opened ? XDP_TX : XDP_DROP;
        }

        char weir_license[] SEC("license") = "GPL";
        """;

    [Fact]
    public async Task The_kernel_opens_what_the_model_closed_and_only_with_its_key()
    {
        Assert.Equal(120, Lengths.Length);
        Random random = new(7);
        byte[][] keys = [new byte[IdCipher.KeyLength], new byte[IdCipher.KeyLength]];
        random.NextBytes(keys[0]);
        random.NextBytes(keys[1]);
        using HostKeys host = new([("a", (byte[])keys[0].Clone()), ("b", (byte[])keys[1].Clone())]);
        using BpfObject loaded = await LoadAsync();
        host.Give(loaded);
        using BpfProgram program = loaded.Program("open_ids");
        byte[] output = new byte[64];
        foreach ((int server, int nonce) in Lengths)
        {
            for (int round = 0; round < 40; round++)
            {
                byte[] plaintext = new byte[server + nonce];
                random.NextBytes(plaintext);
                int key = round % 2;
                using IdCipher cipher = new(keys[key]);
                Assert.Equal(Tx, Open(program, server, nonce, key, cipher.Encrypt(plaintext), output));
                Assert.Equal(Convert.ToHexString(plaintext.AsSpan(0, server)).PadLeft(32, '0'), ServerId(output));
            }
        }

        // With the other key it is something else, of 15 bytes certainly.
        using IdCipher first = new(keys[0]);
        byte[] id = first.Encrypt(new byte[LongestServerId + ShortestNonce]);
        Open(program, LongestServerId, ShortestNonce, 1, id, output);
        Assert.NotEqual(new string('0', 32), ServerId(output));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_opened()
    {
        using BpfObject loaded = await LoadAsync();
        using BpfProgram program = loaded.Program("open_ids");
        foreach ((int server, int nonce, int key) in new[] { (8, 8, 0), (3, 4, 1), (10, 5, 0), (8, 8, 2), (3, 4, 14), (3, 4, -1) })
        {
            Assert.Equal(Drop, Open(program, server, nonce, key, new byte[server + nonce], new byte[64]));
        }
    }

    /// <summary>The number, as 16 bytes.</summary>
    private static string ServerId(byte[] output) => Convert.ToHexString([.. output.AsSpan(0, 16).ToArray().Reverse()]);

    private static async Task<BpfObject> LoadAsync()
    {
        ObjectBuilder builder = new(await Clang.FindAsync());
        BpfObject loaded = BpfObject.Open((await builder.BuildAsync(Encoding.UTF8.GetBytes(Source), PossibleCpus.Capacity)).Elf);
        loaded.Load();
        return loaded;
    }

    private static uint Open(BpfProgram program, int server, int nonce, int key, byte[] id, byte[] output)
    {
        byte[] frame = new byte[IdAt + id.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(frame, (ushort)(server | (nonce << 4) | ((key + 1) << 12)));
        id.CopyTo(frame, IdAt);
        return program.Run(frame, output).ReturnValue;
    }
}
