using System.Security.Cryptography;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12.KeyExchange;

/// <summary>ECDHE key exchange (RFC 8422 sections 5.4 and 5.7).</summary>
internal sealed class EcdheKeyExchange(HandshakeState state) : KeyExchange(state)
{
    private readonly ByteBuffer _own = new();
    private KeyShare? _share;
    private ReadOnlyMemory<byte> _peer;
    private byte[] _secret = [];

    /// <inheritdoc/>
    public override Presence ServerKeyExchange => Presence.Required;

    /// <inheritdoc/>
    public override void ReadServerParameters(ref WireReader reader)
    {
        if (!reader.TryNumber(1, out int kind) || !reader.TryNumber(2, out int group))
        {
            throw State.Fail("LENGTH_TOO_SHORT", AlertDescription.decode_error);
        }

        if (kind != ECCurveType.named_curve || !State.Derived.Groups.Contains(group) || !NamedGroup.IsCurve(group)
            || !NamedGroup.IsDefinedIn(group, State.Version))
        {
            throw State.Fail("WRONG_CURVE", AlertDescription.illegal_parameter);
        }

        State.Group = group;
        if (!reader.TryVector(1, out _peer))
        {
            throw LengthMismatch();
        }

        if (NamedGroup.KeyShareLength(group, ofClient: false) is { } length && length != _peer.Length)
        {
            throw State.Fail("BAD_ECPOINT", AlertDescription.illegal_parameter);
        }
    }

    /// <inheritdoc/>
    public override void AcceptServerParameters()
    {
        _share = KeyShare.ForCurve(State.Group);
        _secret = _share.Respond(_peer.Span, _own);
    }

    /// <inheritdoc/>
    public override byte[] WriteClientKeyExchange(WireWriter writer)
    {
        writer.Vector(1, _own.Span);
        return _secret;
    }

    /// <inheritdoc/>
    public override void WriteServerParameters(WireWriter writer, ByteBuffer output)
    {
        _share = KeyShare.ForCurve(State.Group);
        writer.Number(1, ECCurveType.named_curve);
        writer.Number(2, State.Group);
        int point = writer.Open(1);
        _share.WritePublicValue(output);
        writer.Close(1, point);
    }

    /// <inheritdoc/>
    public override byte[] ReadClientKeyExchange(ref WireReader reader)
    {
        if (reader.Rest.IsEmpty)
        {
            throw State.Fail("MISSING_TMP_ECDH_KEY", AlertDescription.handshake_failure);
        }

        return reader.TryVector(1, out ReadOnlyMemory<byte> point) && reader.Rest.IsEmpty && !point.IsEmpty ? AgreeWithClient(_share!, point) : throw LengthMismatch();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);
        _share?.Dispose();
        _own.Consume(_own.Length);
    }
}
