using PacketDotNet;

namespace Weir.DataPlaneTests.Harness;

/// <summary>What a library makes of a frame.</summary>
internal static class Layers
{
    public static string Of(ReadOnlySpan<byte> frame)
    {
        // Hostile frames may be beyond the library, and the report is about something else.
        try
        {
            List<string> names = [];
            for (Packet? packet = Packet.ParsePacket(LinkLayers.Ethernet, frame.ToArray()); packet is not null; packet = packet.PayloadPacket)
            {
                names.Add(packet.ToString(StringOutputType.Normal) ?? packet.GetType().Name);
            }

            return string.Join(" > ", names);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"not parsed ({failure.Message})";
        }
    }
}
