using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Parameters;
using SslModule.Engine.Crypto.Curve25519;
using SslModule.Engine.Crypto.MlKem;
using SslModule.Engine.Errors;
using SslModule.Engine.Platform;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto.KeyAgreement;

/// <summary>
/// One end of a key exchange (RFC 8446 section 4.2.8, RFC 5246 section 7.4.3, RFC 8422 section 5.4). The end that sends its public
/// value first calls <see cref="WritePublicValue"/> and then <see cref="DeriveSecret"/>; the other calls <see cref="Respond"/>. The private key is
/// zeroed after the shared secret is computed or on disposal.
/// </summary>
internal abstract class KeyShare : IDisposable
{
    /// <summary>Creates a share for TLS 1.3, where secrets have a fixed length for each group (RFC 8446 section 7.4).</summary>
    /// <param name="group">The group's code point.</param>
    /// <param name="isServer">Whether this is the server; the two ends of a key encapsulation differ.</param>
    public static KeyShare ForTls13(int group, bool isServer)
    {
        if (!NamedGroup.IsHybrid(group))
        {
            return Create(group, keepsZeros: true);
        }

        (int first, int second) = NamedGroup.ComponentsOf(group);
        return new HybridShare(Create(first, keepsZeros: true), Create(second, keepsZeros: true), NamedGroup.KeyShareLength(first, ofClient: isServer)!.Value);
    }

    /// <summary>Creates a share of an elliptic curve for versions before TLS 1.3 (RFC 8422).</summary>
    public static KeyShare ForCurve(int group) => Create(group, keepsZeros: false);

    /// <summary>
    /// Creates a share of a finite-field group for versions before TLS 1.3, where secrets lose their leading zeros (RFC 5246
    /// section 8.1.2).
    /// </summary>
    public static KeyShare ForGroup(DHParameters group) => new FiniteFieldShare(group, keepsZeros: false);

    /// <summary>Generates a key pair and writes the public value.</summary>
    public abstract void WritePublicValue(ByteBuffer output);

    /// <summary>Computes the shared secret from the peer's answer to the offer.</summary>
    /// <returns>The shared secret; the caller must zero it.</returns>
    /// <exception cref="FatalAlertException">The peer's value is invalid.</exception>
    public abstract byte[] DeriveSecret(ReadOnlySpan<byte> answer);

    /// <summary>Computes the shared secret from the peer's offer and writes this end's public value.</summary>
    /// <returns>The shared secret; the caller must zero it.</returns>
    /// <exception cref="FatalAlertException">The peer's value is invalid.</exception>
    public virtual byte[] Respond(ReadOnlySpan<byte> offer, ByteBuffer output)
    {
        WritePublicValue(output);
        return DeriveSecret(offer);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Creates the error for an invalid peer value; OpenSSL uses the same reason for points and ML-KEM keys.</summary>
    protected static Exception InvalidValue(string reason = "BAD_ECPOINT")
        => new FatalAlertException(AlertDescription.illegal_parameter, TlsError.Ssl("SSL", reason, (byte)AlertDescription.illegal_parameter));

    /// <summary>Whether ML-KEM is the platform's. Where the cryptography may be other than that, it is the engine's own or BouncyCastle's.</summary>
    internal static bool UsesPlatformMlKem => PlatformCryptography.IsOnly && PlatformMlKem.IsSupported;

    private static KeyShare Create(int group, bool keepsZeros) => group switch
    {
        NamedGroup.x25519 when X25519.IsUsed => new X25519Share(),
        NamedGroup.x25519 or NamedGroup.x448 => new MontgomeryShare(group),
        NamedGroup.MLKEM768 when MlKem768.IsUsed => new MlKemShare(),
        NamedGroup.MLKEM512 when UsesPlatformMlKem => new PlatformMlKemShare(512),
        NamedGroup.MLKEM768 when UsesPlatformMlKem => new PlatformMlKemShare(768),
        NamedGroup.MLKEM1024 when UsesPlatformMlKem => new PlatformMlKemShare(1024),
        NamedGroup.MLKEM768 => new BouncyCastleMlKemShare(MLKemParameters.ml_kem_768),
        NamedGroup.MLKEM512 => new BouncyCastleMlKemShare(MLKemParameters.ml_kem_512),
        NamedGroup.MLKEM1024 => new BouncyCastleMlKemShare(MLKemParameters.ml_kem_1024),
        NamedGroup.ffdhe2048 => new FiniteFieldShare(DHStandardGroups.rfc7919_ffdhe2048, keepsZeros),
        NamedGroup.ffdhe3072 => new FiniteFieldShare(DHStandardGroups.rfc7919_ffdhe3072, keepsZeros),
        NamedGroup.ffdhe4096 => new FiniteFieldShare(DHStandardGroups.rfc7919_ffdhe4096, keepsZeros),
        NamedGroup.ffdhe6144 => new FiniteFieldShare(DHStandardGroups.rfc7919_ffdhe6144, keepsZeros),
        NamedGroup.ffdhe8192 => new FiniteFieldShare(DHStandardGroups.rfc7919_ffdhe8192, keepsZeros),
        _ => NistShare.OidOf(group) is { } oid ? new NistShare(oid) : new WeierstrassShare(group),
    };
}
