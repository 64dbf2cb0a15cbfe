using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace SslModule.Engine.Certificates;

/// <summary>A private key on a named curve: NIST curves by .NET, other curves by BouncyCastle.</summary>
internal sealed class EcPrivateKey : PrivateKey
{
    private readonly ECDsa? _native;
    private readonly ECPrivateKeyParameters? _managed;
    private readonly byte[] _point;

    /// <summary>Creates a key from its scalar; throws when the scalar is out of range.</summary>
    public EcPrivateKey(string curveOid, ReadOnlySpan<byte> scalar)
    {
        ECDomainParameters domain = EcCurves.Domain(curveOid) ?? throw TlsError.Ssl("EC", "UNKNOWN_GROUP");
        CurveOid = curveOid;
        Bits = domain.Curve.FieldSize;
        var d = new BigInteger(1, scalar);
        if (d.SignValue <= 0 || d.CompareTo(domain.N) >= 0)
        {
            throw TlsError.Ssl("EC", "INVALID_PRIVATE_KEY");
        }

        _point = domain.G.Multiply(d).Normalize().GetEncoded(compressed: false);
        if (EcCurves.NativeBits(curveOid) is null)
        {
            _managed = new ECPrivateKeyParameters(d, domain);
            return;
        }

        byte[] fixedScalar = d.ToByteArrayUnsigned();
        byte[] padded = new byte[(Bits + 7) / 8];
        fixedScalar.CopyTo(padded, padded.Length - fixedScalar.Length);
        _native = EcCurves.Import(curveOid, _point, padded);
        CryptographicOperations.ZeroMemory(padded);
        CryptographicOperations.ZeroMemory(fixedScalar);
    }

    /// <inheritdoc/>
    public override KeyKind Kind => KeyKind.Ec;

    /// <inheritdoc/>
    public override int Bits { get; }

    /// <inheritdoc/>
    public override string CurveOid { get; }

    /// <inheritdoc/>
    public override byte[] SignHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, bool pss = false)
    {
        if (pss)
        {
            throw TlsError.Ssl("SSL", "WRONG_SIGNATURE_TYPE");
        }

        if (_native is not null)
        {
            // Faster than .NET's DER format, which a general-purpose writer produces.
            Span<byte> both = stackalloc byte[2 * ((Bits + 7) / 8)];
            _native.SignHash(hashValue, both, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            return EcdsaSignature.Write(both);
        }

        var signer = new ECDsaSigner();
        signer.Init(true, new ParametersWithRandom(_managed, new SecureRandom()));
        BigInteger[] pair = signer.GenerateSignature(hashValue.ToArray());
        return EcdsaSignature.Write(pair[0], pair[1]);
    }

    /// <inheritdoc/>
    public override bool Matches(PublicKey publicKey)
    {
        if (publicKey is not EcPublicKey other || other.CurveOid != CurveOid)
        {
            return false;
        }

        // A certificate may hold the same point in compressed form.
        return other.Uncompressed.AsSpan().SequenceEqual(_point);
    }

    /// <inheritdoc/>
    public override void Dispose() => _native?.Dispose();
}
