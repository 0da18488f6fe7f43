using Weir.Compiler.Model.ConnectionIds;
using Xunit;

namespace Weir.Compiler.Tests.Model.ConnectionIds;

/// <summary>Against the vectors of draft-ietf-quic-load-balancers: its appendix B.2 and the worked example of section 5.4.2.4.</summary>
public sealed class IdCipherTests
{
    private const string VectorKey = "8f95f09245765f80256934e50c66207f";

    /// <summary>The connection id is given with its first octet, which is not encrypted: config rotation and length.</summary>
    [Theory]
    [InlineData(VectorKey, "ed793a", "ee080dbf", "0720b1d07b359d3c")]
    [InlineData(VectorKey, "ed793a51d49b8f5fab65", "ee080dbf48", "2fcc381bc74cb4fbad2823a3d1f8fed2")]
    [InlineData(VectorKey, "ed793a51d49b8f5f", "ee080dbf48c0d1e5", "504dd2d05a7b0de9b2b9907afb5ecf8cc3")]
    [InlineData(VectorKey, "ed793a51d49b8f5fab", "ee080dbf48c0d1e55d", "125779c9cc86beb3a3a4a3ca96fce4bfe0cdbc")]
    [InlineData("fdf726a9893ec05c0632d3956680baf0", "31441a", "9c69c275", "0767947d29be054a")]
    public void It_gives_the_connection_ids_of_the_draft(string key, string serverId, string nonce, string connectionId)
    {
        using IdCipher cipher = new(Convert.FromHexString(key));
        Assert.Equal(connectionId[2..], Convert.ToHexStringLower(cipher.Encrypt(Convert.FromHexString(serverId + nonce))));
        Assert.Equal(serverId + nonce, Convert.ToHexStringLower(cipher.Decrypt(Convert.FromHexString(connectionId[2..]))));
    }

    [Fact]
    public void Every_length_comes_back_and_every_bit_matters()
    {
        Random random = new(19);
        byte[] key = new byte[IdCipher.KeyLength];
        for (int length = IdCipher.Shortest; length <= IdCipher.Longest; length++)
        {
            for (int round = 0; round < 200; round++)
            {
                random.NextBytes(key);
                using IdCipher cipher = new(key);
                byte[] plaintext = new byte[length];
                random.NextBytes(plaintext);
                byte[] ciphertext = cipher.Encrypt(plaintext);
                Assert.Equal(length, ciphertext.Length);
                Assert.NotEqual(plaintext, ciphertext);
                Assert.Equal(plaintext, cipher.Decrypt(ciphertext));

                // Half the bits on average; of 40 bits and more, fewer than 4 that change are less likely than 1 in 10^7.
                int bit = random.Next(8 * length);
                plaintext[bit / 8] ^= (byte)(1 << (bit % 8));
                int changed = cipher.Encrypt(plaintext).Zip(ciphertext, (a, b) => int.PopCount(a ^ b)).Sum();
                Assert.InRange(changed, 4, 8 * length);
            }
        }
    }

    /// <summary>A permutation: no two plaintexts have one ciphertext, whichever of their bytes differ.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(16)]
    [InlineData(19)]
    public void No_two_plaintexts_meet(int length)
    {
        using IdCipher cipher = new(Convert.FromHexString(VectorKey));
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int at = 0; at < length; at++)
        {
            byte[] plaintext = new byte[length];
            for (int value = at == 0 ? 0 : 1; value < 256; value++)
            {
                plaintext[at] = (byte)value;
                Assert.True(seen.Add(Convert.ToHexStringLower(cipher.Encrypt(plaintext))));
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(20)]
    public void Other_lengths_are_refused(int length)
    {
        using IdCipher cipher = new(new byte[IdCipher.KeyLength]);
        Assert.Throws<ArgumentException>(() => cipher.Encrypt(new byte[length]));
        Assert.Throws<ArgumentException>(() => cipher.Decrypt(new byte[length]));
        Assert.Throws<ArgumentException>(() => new IdCipher(new byte[length]));
    }
}
