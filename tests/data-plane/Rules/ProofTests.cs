using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

public sealed class ProofTests(RuleBench bench)
{
    [Theory]
    [InlineData(Unmatched.Pass)]
    [InlineData(Unmatched.Drop)]
    public async Task A_program_treats_its_proof_packets_as_the_model_does(Unmatched unmatched)
    {
        SitePlan plan = ExamplePlans.Small(unmatched);
        foreach (ProofPacket packet in ProofPackets.For(plan))
        {
            await bench.Run(plan, [.. packet.Frame]);
        }
    }
}
