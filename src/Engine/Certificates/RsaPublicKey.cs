using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>
/// An RSA key on System.Security.Cryptography; what .NET cannot verify (MD5 with SHA-1, SHA-224, PSS with two digests) is
/// unpadded here. BouncyCastle never sees it: its parser tests primality for milliseconds.
/// </summary>
internal sealed class RsaPublicKey : PublicKey
{
    // A modulus beyond this costs a peer nothing to send and the verifier much to use.
    private const int MaximumBits = 16384;

    // OpenSSL's own limit: with a large modulus the exponent must be small.
    private const int LargeModulusBits = 3072;
    private const int MaximumExponentBits = 64;

    // .NET's smallest.
    private const int MinimumBits = 512;

    // Null for numbers that no signature is checked with.
    private readonly RSA? _rsa;
    private readonly BigInteger _modulus;
    private readonly BigInteger _exponent;

    private RsaPublicKey(BigInteger modulus, BigInteger exponent, bool pssOnly, PssParameters? restriction)
    {
        _modulus = modulus;
        _exponent = exponent;
        Bits = (int)BigInteger.Abs(modulus).GetBitLength();
        Kind = pssOnly ? KeyKind.RsaPss : KeyKind.Rsa;
        Restriction = restriction;
        _rsa = IsUsable() ? Import(new RSAParameters { Modulus = Bytes(modulus), Exponent = Bytes(exponent) }) : null;
    }

    /// <inheritdoc/>
    public override KeyKind Kind { get; }

    /// <inheritdoc/>
    public override int Bits { get; }

    /// <inheritdoc/>
    public override int SecurityBits => RsaStrength.SecurityBits(Bits);

    /// <summary>The modulus, for comparing with a private key.</summary>
    public BigInteger Modulus => _modulus;

    /// <summary>The exponent.</summary>
    public BigInteger Exponent => _exponent;

    /// <summary>The only parameters a PSS key may be used with; null for any.</summary>
    public PssParameters? Restriction { get; }

    private int Size => (Bits + 7) / 8;

    // OpenSSL reads any two numbers as a key and refuses to compute with them; so does this: the verdict is a bad signature.
    private bool IsUsable()
        => Bits is >= MinimumBits and <= MaximumBits && !_modulus.IsEven && !_exponent.IsEven && _exponent > BigInteger.One
            && _exponent < _modulus && (Bits <= LargeModulusBits || _exponent.GetBitLength() <= MaximumExponentBits);

    private static RSA? Import(RSAParameters key)
    {
        try
        {
            return RSA.Create(key);
        }
        catch (CryptographicException)
        {
            // Platforms have limits of their own, Windows on the exponent: such a key verifies nothing there.
            return null;
        }
    }

    /// <summary>Parses an RSAPublicKey (RFC 8017 appendix A.1.1); <paramref name="pss"/> is the algorithm of an RSASSA-PSS key.</summary>
    public static RsaPublicKey Parse(ReadOnlyMemory<byte> encoded, AlgorithmIdentifier? pss)
    {
        AsnReader outer = Asn1.Reader(encoded);
        AsnReader fields = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        BigInteger modulus = fields.ReadInteger(), exponent = fields.ReadInteger();
        fields.ThrowIfNotEmpty();
        PssParameters? restriction = pss?.Parameters is null ? null : PssParameters.Read(pss) ?? throw new AsnContentException();
        return new RsaPublicKey(modulus, exponent, pss is not null, restriction);
    }

    /// <summary>The public half of a private key.</summary>
    public static RsaPublicKey From(RSAParameters parameters, bool pssOnly)
        => new(Number(parameters.Modulus!), Number(parameters.Exponent!), pssOnly, null);

    /// <inheritdoc/>
    public override bool VerifyHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature, bool pss = false)
    {
        if (_rsa is null || signature.Length != Size || (!pss && Kind == KeyKind.RsaPss))
        {
            return false;
        }

        if (pss)
        {
            return hash is { } digest && VerifyPssHash(new PssParameters(digest, digest, HashNames.Size(digest)), hashValue, signature);
        }

        byte[]? prefix = RsaPadding.DigestInfoPrefix(hash);
        if (prefix is null)
        {
            return false;
        }

        return hash is { } native && RsaPadding.IsNative(native)
            ? _rsa.VerifyHash(hashValue, signature, native, RSASignaturePadding.Pkcs1)
            : RsaPadding.IsPkcs1(Apply(signature), prefix, hashValue);
    }

    /// <inheritdoc/>
    public override bool VerifyPss(PssParameters parameters, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
        => VerifyPssHash(parameters, HashNames.HashData(parameters.Hash, data), signature);

    /// <inheritdoc/>
    public override byte[] EncryptPkcs1(ReadOnlySpan<byte> premaster)
        => _rsa?.Encrypt(premaster, RSAEncryptionPadding.Pkcs1) ?? throw TlsError.Ssl("SSL", "BAD_RSA_ENCRYPT");

    private bool VerifyPssHash(PssParameters parameters, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature)
    {
        if (_rsa is null || signature.Length != Size || hashValue.Length != HashNames.Size(parameters.Hash) || !Permits(parameters))
        {
            return false;
        }

        bool plain = parameters.Hash == parameters.MgfHash && parameters.SaltLength == hashValue.Length && RsaPadding.IsNative(parameters.Hash);
        return plain
            ? _rsa.VerifyHash(hashValue, signature, parameters.Hash, RSASignaturePadding.Pss)
            : RsaPadding.IsPss(Apply(signature), Bits, parameters, hashValue);
    }

    private bool Permits(PssParameters parameters)
        => Restriction is not { } only || (only.Hash == parameters.Hash && only.MgfHash == parameters.MgfHash && parameters.SaltLength >= only.SaltLength);

    // The public operation; a signature not below the modulus is no signature.
    private byte[] Apply(ReadOnlySpan<byte> signature)
    {
        var value = new BigInteger(signature, isUnsigned: true, isBigEndian: true);
        return value >= _modulus ? [] : RsaPadding.Fixed(BigInteger.ModPow(value, _exponent, _modulus), Size);
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger number) => number.ToByteArray(isUnsigned: true, isBigEndian: true);
}
