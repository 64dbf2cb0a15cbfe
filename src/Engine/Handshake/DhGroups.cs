using System.Runtime.CompilerServices;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Errors;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;

namespace SslModule.Engine.Handshake;

/// <summary>
/// Which finite-field groups of a server a client takes before TLS 1.3: those that OpenSSL's security level takes, whoever
/// made them. The server's signature, where the suite has one, covers the group.
/// </summary>
internal sealed class DhGroups(HandshakeState state) : TlsDHGroupVerifier
{
    // A longer prime makes the handshake cost seconds: OpenSSL stops at the same length (OPENSSL_DH_MAX_MODULUS_BITS).
    private const int LongestPrime = 10_000;

    /// <inheritdoc/>
    public bool Accept(DHGroup dhGroup)
    {
        BigInteger prime = dhGroup.P;
        if (prime.BitLength > LongestPrime)
        {
            throw state.Fail(TlsError.Ssl("DH", "MODULUS_TOO_LARGE", (byte)AlertDescription.handshake_failure));
        }

        bool sane = prime.TestBit(0) && dhGroup.G.CompareTo(BigInteger.One) > 0 && dhGroup.G.CompareTo(prime.Subtract(BigInteger.One)) < 0;
        if (!sane)
        {
            throw state.Fail(TlsError.Ssl("SSL", "BAD_DH_VALUE", (byte)AlertDescription.illegal_parameter));
        }

        if (!SecurityLevels.AllowsDh(state.Bound.Credentials.SecurityLevel, prime.BitLength))
        {
            throw state.Fail(TlsError.Ssl("SSL", "DH_KEY_TOO_SMALL", (byte)AlertDescription.handshake_failure));
        }

        return true;
    }

    /// <summary>
    /// Has BouncyCastle's client take a named group (RFC 7919) that it did not offer, as OpenSSL's does before TLS 1.3: many
    /// servers have the one group that they were set up with.
    /// </summary>
    public static void TakeAny(SecurityParameters parameters) => OfferedGroups(parameters) = null;

    // BouncyCastle compares with these, and has no other way to be told.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_clientSupportedGroups")]
    private static extern ref int[]? OfferedGroups(SecurityParameters parameters);
}
