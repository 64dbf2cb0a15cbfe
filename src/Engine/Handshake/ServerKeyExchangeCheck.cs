using Org.BouncyCastle.Tls;
using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Wire;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using BigInteger = Org.BouncyCastle.Math.BigInteger;
using ECCurveType = SslModule.Engine.Wire.ECCurveType;
using ProtocolVersion = SslModule.Engine.Wire.ProtocolVersion;

namespace SslModule.Engine.Handshake;

/// <summary>A client's look at a Server Key Exchange (RFC 5246 section 7.4.3, RFC 8422 section 5.4) before BouncyCastle's, with OpenSSL's reasons.</summary>
internal sealed class ServerKeyExchangeCheck(HandshakeState state, SecurityParameters parameters)
{
    /// <summary>Throws what <see cref="HandshakeState.Fail(Errors.TlsError)"/> gives for the first thing that is wrong.</summary>
    public void Check(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        int exchange = parameters.KeyExchangeAlgorithm;
        if (exchange is KeyExchangeAlgorithm.PSK or KeyExchangeAlgorithm.RSA_PSK or KeyExchangeAlgorithm.DHE_PSK or KeyExchangeAlgorithm.ECDHE_PSK
            && !reader.TryVector(2, out _))
        {
            throw LengthMismatch();
        }

        switch (exchange)
        {
            case KeyExchangeAlgorithm.ECDHE_RSA or KeyExchangeAlgorithm.ECDHE_ECDSA or KeyExchangeAlgorithm.ECDH_anon or KeyExchangeAlgorithm.ECDHE_PSK:
                CheckCurve(ref reader);
                break;
            case KeyExchangeAlgorithm.DHE_RSA or KeyExchangeAlgorithm.DHE_DSS or KeyExchangeAlgorithm.DH_anon or KeyExchangeAlgorithm.DHE_PSK:
                CheckPrime(ref reader);
                break;
        }

        if (exchange is KeyExchangeAlgorithm.ECDHE_RSA or KeyExchangeAlgorithm.ECDHE_ECDSA or KeyExchangeAlgorithm.DHE_RSA or KeyExchangeAlgorithm.DHE_DSS)
        {
            CheckSignature(ref reader);
        }
        else if (!reader.Rest.IsEmpty)
        {
            throw state.Fail("EXTRA_DATA_IN_MESSAGE", AlertDescription.decode_error);
        }
    }

    private Exception LengthMismatch() => state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);

    private void CheckCurve(ref WireReader reader)
    {
        if (!reader.TryNumber(1, out int kind) || !reader.TryNumber(2, out int group))
        {
            throw state.Fail("LENGTH_TOO_SHORT", AlertDescription.decode_error);
        }

        if (kind != ECCurveType.named_curve || !state.Prepared.Groups.Contains(group))
        {
            throw state.Fail("WRONG_CURVE", AlertDescription.illegal_parameter);
        }

        state.Group = group;
        if (!reader.TryVector(1, out ReadOnlyMemory<byte> point))
        {
            throw LengthMismatch();
        }

        if (HelloExtensions.KeyShareLength(group) is { } length && length != point.Length)
        {
            throw state.Fail("BAD_ECPOINT", AlertDescription.illegal_parameter);
        }
    }

    private void CheckPrime(ref WireReader reader)
    {
        if (!reader.TryVector(2, out ReadOnlyMemory<byte> prime) || !reader.TryVector(2, out _) || !reader.TryVector(2, out _))
        {
            throw LengthMismatch();
        }

        int bits = new BigInteger(1, prime.ToArray()).BitLength;
        if (!SecurityLevels.AllowsDh(state.Bound.Credentials.SecurityLevel, bits))
        {
            throw state.Fail("DH_KEY_TOO_SMALL", AlertDescription.handshake_failure);
        }

        DhGroups.TakeAny(parameters);
    }

    private void CheckSignature(ref WireReader reader)
    {
        PublicKey key = state.PeerChain[0].PublicKey;
        state.PeerSignature = SignatureNames.NameOf(null, key.Kind);
        if (parameters.NegotiatedVersion.FullVersion >= ProtocolVersion.TLSv12)
        {
            if (!reader.TryNumber(2, out int scheme))
            {
                throw LengthMismatch();
            }

            if (SignatureSchemes.Find(scheme) is not { } use || use.Kind != key.Kind)
            {
                throw state.Fail("WRONG_SIGNATURE_TYPE", AlertDescription.illegal_parameter);
            }

            if (!state.Prepared.SignatureSchemes(ofClient: false).Contains(scheme))
            {
                throw state.Fail("WRONG_SIGNATURE_TYPE", AlertDescription.handshake_failure);
            }

            state.PeerSignature = SignatureNames.NameOf(scheme, key.Kind);
        }

        if (!reader.TryVector(2, out _))
        {
            throw LengthMismatch();
        }
    }
}
