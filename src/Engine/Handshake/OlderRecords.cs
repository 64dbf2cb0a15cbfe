using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>What BouncyCastle's protocol writes, straight into the connection's output.</summary>
internal sealed class OlderRecords(HandshakeState state)
{
    /// <summary>Writes as many records as the peer's limit asks for.</summary>
    public void Write(ContentType type, ReadOnlySpan<byte> content)
    {
        do
        {
            state.Connection.WriteRecord(type, HandshakeMessages.NextFragment(ref content, state.WriteLimit), state.WritesSealed);
        }
        while (!content.IsEmpty);
    }
}
