using SslModule.Engine.Certificates;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12.KeyExchange;

/// <summary>RSA key exchange: the client encrypts the premaster secret with the server's public key (RFC 5246 section 7.4.7.1).</summary>
internal sealed class RsaKeyExchange(HandshakeState state) : KeyExchange(state)
{
    private PrivateKey? _key;

    /// <inheritdoc/>
    public override Presence ServerKeyExchange => Presence.Absent;

    /// <inheritdoc/>
    public override void ReadServerParameters(ref WireReader reader)
    {
        // RSA key exchange has no server parameters.
    }

    /// <inheritdoc/>
    public override byte[] WriteClientKeyExchange(WireWriter writer)
    {
        byte[] premaster = NewPremaster(State.OfferedVersion);
        byte[] encrypted = State.PeerChain[0].PublicKey.EncryptPkcs1(premaster);
        State.KeyLogging.Encrypted(premaster, encrypted);
        if (State.Version == ProtocolVersion.SSLv3)
        {
            // RFC 5246 section 7.4.7.1: in SSL 3.0 the encrypted premaster secret has no length prefix.
            writer.Bytes(encrypted);
        }
        else
        {
            writer.Vector(2, encrypted);
        }

        return premaster;
    }

    /// <inheritdoc/>
    public override void UseKey(PrivateKey? key) => _key = key;

    /// <inheritdoc/>
    public override void WriteServerParameters(WireWriter writer, ByteBuffer output)
    {
        // RSA key exchange has no server parameters.
    }

    /// <inheritdoc/>
    public override byte[] ReadClientKeyExchange(ref WireReader reader)
    {
        ReadOnlyMemory<byte> encrypted = reader.Rest;
        if (State.Version != ProtocolVersion.SSLv3 && !(reader.TryVector(2, out encrypted) && reader.Rest.IsEmpty))
        {
            throw LengthMismatch();
        }

        return _key!.DecryptPremaster(encrypted.Span, (ushort)State.OfferedVersion);
    }
}
