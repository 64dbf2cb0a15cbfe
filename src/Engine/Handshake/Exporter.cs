using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Handshake;

/// <summary>What a finished connection keeps to export keying material from (RFC 5705, RFC 8446 section 7.5).</summary>
internal sealed class Exporter
{
    private readonly TlsSecret _secret;
    private readonly int _hash;
    private readonly int _prf;
    private readonly byte[] _randoms;

    private Exporter(TlsSecret secret, int hash, int prf, byte[] randoms)
        => (_secret, _hash, _prf, _randoms) = (secret, hash, prf, randoms);

    private bool IsTls13 => _randoms.Length == 0;

    /// <summary>The exporter of a handshake before TLS 1.3; null where the master secret is not bound to it (RFC 7627 section 5.4).</summary>
    public static Exporter? From(NativeTlsCrypto crypto, SecurityParameters parameters)
        => !parameters.IsExtendedMasterSecret ? null : new Exporter(
            new NativeTlsSecret(crypto, NativeTlsSecret.Copy(parameters.MasterSecret)),
            parameters.PrfCryptoHashAlgorithm,
            parameters.PrfAlgorithm,
            [.. parameters.ClientRandom, .. parameters.ServerRandom]);

    /// <summary>The exporter of a TLS 1.3 handshake.</summary>
    /// <param name="crypto">The connection's.</param>
    /// <param name="secret">The exporter_master_secret, which is this one's then.</param>
    /// <param name="hash">The number of the suite's hash.</param>
    public static Exporter Tls13(NativeTlsCrypto crypto, byte[] secret, int hash) => new(new NativeTlsSecret(crypto, secret), hash, prf: 0, randoms: []);

    /// <summary>The keying material of a label; before TLS 1.3 no context and an empty one differ.</summary>
    public byte[] Export(string label, byte[]? context, int length)
    {
        if (!IsTls13)
        {
            byte[] seed = context is null ? _randoms : [.. _randoms, (byte)(context.Length >> 8), (byte)context.Length, .. context];
            return _secret.DeriveUsingPrf(_prf, label, seed, length).Extract();
        }

        int size = TlsCryptoUtilities.GetHashOutputSize(_hash);
        TlsSecret derived = TlsCryptoUtilities.HkdfExpandLabel(_secret, _hash, label, HashAlgorithms.Hash(_hash, []), size);
        byte[] exported = TlsCryptoUtilities.HkdfExpandLabel(derived, _hash, "exporter", HashAlgorithms.Hash(_hash, context ?? []), length).Extract();
        derived.Destroy();
        return exported;
    }

    /// <summary>Zeroes the secret.</summary>
    public void Destroy() => _secret.Destroy();
}
