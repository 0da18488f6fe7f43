using System.Security.Cryptography;
using System.Text;
using Weir.Applier.Keys;
using Weir.Compiler.Model.ConnectionIds;
using Weir.Compiler.Planning;

namespace Weir.DataPlaneTests.Harness;

/// <summary>Keys for tests: each is a hash of its file's path.</summary>
internal static class TestKeys
{
    public static HostKeys Of(SitePlan plan) => new(KeyFiles.Of(plan).Select(file => (file, SHA256.HashData(Encoding.UTF8.GetBytes(file))[..IdCipher.KeyLength])));
}
