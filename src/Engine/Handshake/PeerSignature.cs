using System.Buffers.Binary;
using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The scheme of the peer's CertificateVerify, for the application to see.</summary>
internal static class PeerSignature
{
    /// <summary>Notes what a message says before it is checked: a wrong one fails the handshake.</summary>
    /// <param name="state">Takes the name.</param>
    /// <param name="type">The message's type; all but one are passed over.</param>
    /// <param name="message">The message, its header read.</param>
    public static void Note(HandshakeState state, HandshakeType type, MemoryStream message)
    {
        if (type != HandshakeType.certificate_verify)
        {
            return;
        }

        ReadOnlySpan<byte> body = MessageGuard.Body(message).Span;
        if (state.Version >= ProtocolVersion.TLSv12)
        {
            state.PeerSignature = body.Length > 2 ? SignatureNames.NameOf(BinaryPrimitives.ReadUInt16BigEndian(body), default) : null;
        }
        else if (state.PeerChain.Count > 0)
        {
            state.PeerSignature = SignatureNames.NameOf(null, state.PeerChain[0].PublicKey.Kind);
        }
    }
}
