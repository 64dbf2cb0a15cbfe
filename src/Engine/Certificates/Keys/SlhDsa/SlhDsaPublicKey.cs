using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace SslModule.Engine.Certificates;

/// <summary>An SLH-DSA key (RFC 9909). Authorities sign certificates and CRLs with such keys; no version of TLS signs with them.</summary>
internal sealed class SlhDsaPublicKey : PublicKey
{
    private readonly SlhDsaSet _set;
    private readonly SlhDsaPublicKeyParameters _key;

    private SlhDsaPublicKey(string oid, SlhDsaSet set, byte[] encoded)
    {
        Oid = oid;
        _set = set;
        _key = SlhDsaPublicKeyParameters.FromEncoding(set.Parameters, encoded);
    }

    /// <inheritdoc/>
    public override KeyKind Kind => KeyKind.SlhDsa;

    /// <summary>The object identifier of the parameter set, the same for keys and signatures.</summary>
    public string Oid { get; }

    /// <inheritdoc/>
    public override int Bits => 8 * _set.PublicKeySize;

    /// <inheritdoc/>
    public override int SecurityBits => _set.SecurityBits;

    /// <inheritdoc/>
    public override long VerificationCost => _set.VerificationCost;

    /// <summary>Parses a key, which must have no parameters and the exact length.</summary>
    public static SlhDsaPublicKey Parse(AlgorithmIdentifier algorithm, byte[] encoded)
    {
        SlhDsaSet set = SlhDsaSet.Find(algorithm.Oid)!;
        return algorithm.Parameters is null && encoded.Length == set.PublicKeySize ? new SlhDsaPublicKey(algorithm.Oid, set, encoded) : throw new AsnContentException();
    }

    /// <inheritdoc/>
    public override bool VerifyHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature, bool pss = false) => false;

    /// <summary>Verifies a pure SLH-DSA signature with an empty context string (RFC 9909 section 3).</summary>
    public override bool VerifyMessage(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        KeyOperationCost.Count(VerificationCost);
        if (signature.Length != _set.SignatureSize)
        {
            return false;
        }

        var verifier = new SlhDsaSigner(_set.Parameters, deterministic: false);
        verifier.Init(forSigning: false, _key);
        verifier.BlockUpdate(data);
        return verifier.VerifySignature(signature.ToArray());
    }
}
