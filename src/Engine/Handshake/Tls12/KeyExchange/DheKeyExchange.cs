using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12.KeyExchange;

/// <summary>
/// Finite-field DHE (RFC 5246 sections 7.4.3 and 7.4.7.2). A client accepts any group that the security level allows; it is covered
/// by the server's signature, if the suite has one.
/// </summary>
internal sealed class DheKeyExchange(HandshakeState state) : KeyExchange(state)
{
    // OpenSSL's limit (OPENSSL_DH_MAX_MODULUS_BITS). A longer prime would make the handshake take seconds.
    private const int MaxPrimeBits = 10_000;
    private readonly ByteBuffer _own = new();
    private DHParameters? _group;
    private KeyShare? _share;
    private ReadOnlyMemory<byte> _peer;
    private byte[] _secret = [];

    /// <inheritdoc/>
    public override Presence ServerKeyExchange => Presence.Required;

    /// <inheritdoc/>
    public override void ReadServerParameters(ref WireReader reader)
    {
        if (!reader.TryVector(2, out ReadOnlyMemory<byte> prime) || !reader.TryVector(2, out ReadOnlyMemory<byte> generator) || !reader.TryVector(2, out _peer))
        {
            throw LengthMismatch();
        }

        BigInteger p = new(1, prime.Span), g = new(1, generator.Span);
        if (!SecurityLevels.AllowsDh(State.Settings.Credentials.SecurityLevel, p.BitLength))
        {
            throw State.Fail("DH_KEY_TOO_SMALL", AlertDescription.handshake_failure);
        }

        if (p.BitLength > MaxPrimeBits)
        {
            throw State.Fail(TlsError.Ssl("DH", "MODULUS_TOO_LARGE", (byte)AlertDescription.handshake_failure));
        }

        bool sane = p.TestBit(0) && g.CompareTo(BigInteger.One) > 0 && g.CompareTo(p.Subtract(BigInteger.One)) < 0;
        _group = sane ? new DHParameters(p, g) : throw State.Fail("BAD_DH_VALUE", AlertDescription.illegal_parameter);
    }

    /// <inheritdoc/>
    public override void AcceptServerParameters()
    {
        _share = KeyShare.ForGroup(_group!);
        _secret = _share.Respond(_peer.Span, _own);
    }

    /// <inheritdoc/>
    public override byte[] WriteClientKeyExchange(WireWriter writer)
    {
        writer.Vector(2, _own.Span);
        return _secret;
    }

    /// <inheritdoc/>
    public override void WriteServerParameters(WireWriter writer, ByteBuffer output)
    {
        Context.DhParameters own = State.Settings.Credentials.DhParameters!;
        _share = KeyShare.ForGroup(new DHParameters(own.Prime, own.Generator));
        writer.Vector(2, own.Prime.ToByteArrayUnsigned());
        writer.Vector(2, own.Generator.ToByteArrayUnsigned());
        int value = writer.Open(2);
        _share.WritePublicValue(output);
        writer.Close(2, value);
    }

    /// <inheritdoc/>
    public override byte[] ReadClientKeyExchange(ref WireReader reader)
        => reader.TryVector(2, out ReadOnlyMemory<byte> value) && reader.Rest.IsEmpty && !value.IsEmpty
            ? AgreeWithClient(_share!, value)
            : throw State.Fail("DH_PUBLIC_VALUE_LENGTH_IS_WRONG", AlertDescription.decode_error);

    /// <inheritdoc/>
    public override void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);
        _share?.Dispose();
        _own.Consume(_own.Length);
    }
}
