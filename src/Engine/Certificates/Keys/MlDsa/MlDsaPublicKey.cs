using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace SslModule.Engine.Certificates;

/// <summary>An ML-DSA key (RFC 9881). .NET has ML-DSA only where the platform's library has it.</summary>
internal sealed class MlDsaPublicKey : PublicKey
{
    private readonly MlDsaSet _set;
    private readonly MLDsaPublicKeyParameters _key;

    private MlDsaPublicKey(KeyKind kind, MlDsaSet set, byte[] encoded)
    {
        Kind = kind;
        _set = set;
        _key = MLDsaPublicKeyParameters.FromEncoding(set.Parameters, encoded);
        Encoded = encoded;
    }

    /// <inheritdoc/>
    public override KeyKind Kind { get; }

    /// <inheritdoc/>
    public override int Bits => 8 * _set.PublicKeySize;

    /// <inheritdoc/>
    public override int SecurityBits => _set.SecurityBits;

    /// <inheritdoc/>
    public override long VerificationCost => _set.VerificationCost;

    /// <summary>The encoded key; must not be modified.</summary>
    public byte[] Encoded { get; }

    /// <summary>Parses a key, which must have no parameters and the exact length.</summary>
    public static MlDsaPublicKey Parse(AlgorithmIdentifier algorithm, byte[] encoded)
    {
        KeyKind kind = KeyAlgorithm.Kind(algorithm.Oid)!.Value;
        MlDsaSet set = MlDsaSet.Of(kind);
        return algorithm.Parameters is null && encoded.Length == set.PublicKeySize ? new MlDsaPublicKey(kind, set, encoded) : throw new AsnContentException();
    }

    /// <inheritdoc/>
    public override bool VerifyHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature, bool pss = false) => false;

    /// <summary>Verifies a pure ML-DSA signature with an empty context string (RFC 9881 section 3, draft-ietf-tls-mldsa section 3).</summary>
    public override bool VerifyMessage(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        KeyOperationCost.Count(VerificationCost);
        if (signature.Length != _set.SignatureSize)
        {
            return false;
        }

        var verifier = new MLDsaSigner(_set.Parameters, deterministic: false);
        verifier.Init(forSigning: false, _key);
        verifier.BlockUpdate(data);
        return verifier.VerifySignature(signature.ToArray());
    }
}
