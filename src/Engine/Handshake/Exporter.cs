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

    /// <summary>The exporter of a handshake; null where the master secret is not bound to it (RFC 7627 section 5.4).</summary>
    public static Exporter? From(NativeTlsCrypto crypto, SecurityParameters parameters)
    {
        bool tls13 = TlsUtilities.IsTlsV13(parameters.NegotiatedVersion);
        if (!tls13 && !parameters.IsExtendedMasterSecret)
        {
            return null;
        }

        byte[] secret = NativeTlsSecret.Copy(tls13 ? parameters.ExporterMasterSecret : parameters.MasterSecret);
        return new Exporter(
            new NativeTlsSecret(crypto, secret),
            parameters.PrfCryptoHashAlgorithm,
            parameters.PrfAlgorithm,
            tls13 ? [] : [.. parameters.ClientRandom, .. parameters.ServerRandom]);
    }

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
