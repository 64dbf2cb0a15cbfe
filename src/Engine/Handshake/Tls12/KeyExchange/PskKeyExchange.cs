using System.Buffers.Binary;
using System.Security.Cryptography;
using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12.KeyExchange;

/// <summary>PSK key exchange, alone or combined with another key exchange (RFC 4279, RFC 5489).</summary>
/// <param name="state">The connection's state.</param>
/// <param name="inner">The other key exchange; null for none.</param>
internal sealed class PskKeyExchange(HandshakeState state, KeyExchange? inner) : KeyExchange(state)
{
    private byte[]? _hint;

    /// <inheritdoc/>
    public override Presence ServerKeyExchange => inner?.ServerKeyExchange == Presence.Required ? Presence.Required : Presence.Optional;

    /// <inheritdoc/>
    public override void ReadServerParameters(ref WireReader reader)
    {
        if (!reader.TryVector(2, out ReadOnlyMemory<byte> hint))
        {
            throw LengthMismatch();
        }

        _hint = hint.Length <= TlsContext.LongestPskIdentity ? hint.ToArray() : throw State.Fail("DATA_LENGTH_TOO_LONG", AlertDescription.handshake_failure);
        inner?.ReadServerParameters(ref reader);
    }

    /// <inheritdoc/>
    public override void AcceptServerParameters() => inner?.AcceptServerParameters();

    /// <inheritdoc/>
    public override byte[] WriteClientKeyExchange(WireWriter writer)
    {
        PskCredentials psk = Psk.OfClient(State, _hint) ?? throw State.Fail(Psk.NotFound(AlertDescription.handshake_failure));
        writer.Vector(2, psk.Identity.Span);
        byte[] key = psk.Key.ToArray();
        byte[] other = inner?.WriteClientKeyExchange(writer) ?? new byte[key.Length];
        return Join(other, key);
    }

    /// <inheritdoc/>
    public override void UseKey(Certificates.PrivateKey? key) => inner?.UseKey(key);

    /// <inheritdoc/>
    public override void WriteServerParameters(WireWriter writer, ByteBuffer output)
    {
        writer.Vector(2, State.Settings.Credentials.PskIdentityHint);
        inner?.WriteServerParameters(writer, output);
    }

    /// <inheritdoc/>
    public override byte[] ReadClientKeyExchange(ref WireReader reader)
    {
        if (!reader.TryVector(2, out ReadOnlyMemory<byte> identity))
        {
            throw LengthMismatch();
        }

        if (identity.Length > TlsContext.LongestPskIdentity)
        {
            throw State.Fail("DATA_LENGTH_TOO_LONG", AlertDescription.decode_error);
        }

        byte[] key = Psk.OfServer(State, identity.ToArray()) ?? throw State.Fail(Psk.NotFound(AlertDescription.unknown_psk_identity));
        if (inner is not null)
        {
            return Join(inner.ReadClientKeyExchange(ref reader), key);
        }

        return reader.Rest.IsEmpty ? Join(new byte[key.Length], key) : throw LengthMismatch();
    }

    /// <inheritdoc/>
    public override void Dispose() => inner?.Dispose();

    /// <summary>Builds the premaster secret from both secrets, each with a length prefix (RFC 4279 section 2), and zeroes them.</summary>
    private static byte[] Join(byte[] other, byte[] key)
    {
        byte[] premaster = new byte[2 + other.Length + 2 + key.Length];
        BinaryPrimitives.WriteUInt16BigEndian(premaster, (ushort)other.Length);
        other.CopyTo(premaster, 2);
        BinaryPrimitives.WriteUInt16BigEndian(premaster.AsSpan(2 + other.Length), (ushort)key.Length);
        key.CopyTo(premaster, 4 + other.Length);
        CryptographicOperations.ZeroMemory(other);
        CryptographicOperations.ZeroMemory(key);
        return premaster;
    }
}
