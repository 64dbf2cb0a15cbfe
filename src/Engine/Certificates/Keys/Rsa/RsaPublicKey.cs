using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>
/// An RSA key. The first signatures are verified by <see cref="RsaPublicOperation"/>, which suffices for most peers' keys; a key
/// that is used longer is imported into System.Security.Cryptography, which is then faster. What .NET does not support (MD5 with
/// SHA-1, SHA-224, PSS with two digests) is always verified here. BouncyCastle's keys are not used, because their parser spends
/// milliseconds on a primality test. Where the cryptography must be the platform's, the key is imported at once, and
/// <see cref="BouncyCastleRsa"/> verifies what .NET does not support.
/// </summary>
internal sealed class RsaPublicKey : PublicKey
{
    // Larger moduli cost a peer nothing to send and the verifier much to use.
    private const int MaximumBits = 16384;

    // OpenSSL's limit: large moduli require a small exponent.
    private const int LargeModulusBits = 3072;
    private const int MaximumExponentBits = 64;

    // The range that .NET imports on every platform.
    private const int SmallestNative = 512;
    private const int NativeStep = 8;

    // An import costs as much as verifying this many signatures. Large keys are imported on first use.
    private const int UsesBeforeImport = 4;
    private const int LargestUsedUnimported = 4096;

    private readonly bool _usable;
    private readonly Lazy<RsaPublicOperation> _operation;
    private readonly Lazy<RSA?> _native;
    private int _uses;
    private readonly BigInteger _modulus;
    private readonly BigInteger _exponent;

    private RsaPublicKey(BigInteger modulus, BigInteger exponent, bool pssOnly, PssParameters? restriction)
    {
        _modulus = modulus;
        _exponent = exponent;
        Bits = (int)BigInteger.Abs(modulus).GetBitLength();
        Kind = pssOnly ? KeyKind.RsaPss : KeyKind.Rsa;
        Restriction = restriction;
        _usable = IsUsable();
        _operation = new Lazy<RsaPublicOperation>(() => new RsaPublicOperation(_modulus, _exponent, Size));
        _native = new Lazy<RSA?>(() => Import(new RSAParameters { Modulus = Bytes(_modulus), Exponent = Bytes(_exponent) }));
    }

    /// <inheritdoc/>
    public override KeyKind Kind { get; }

    /// <inheritdoc/>
    public override int Bits { get; }

    /// <inheritdoc/>
    public override int SecurityBits => RsaStrength.SecurityBits(Bits);

    /// <inheritdoc/>
    public override long VerificationCost => _usable ? KeyOperationCost.Power(Bits, _exponent.GetBitLength() + 1) : 0;

    /// <summary>The modulus, for comparison with a private key.</summary>
    public BigInteger Modulus => _modulus;

    /// <summary>The public exponent.</summary>
    public BigInteger Exponent => _exponent;

    /// <summary>The parameters that an RSASSA-PSS key is restricted to; null for any.</summary>
    public PssParameters? Restriction { get; }

    private int Size => (Bits + 7) / 8;

    // OpenSSL accepts any two numbers as a key and fails when it is used; here too, every signature is then invalid.
    private bool IsUsable()
        => Bits <= MaximumBits && _modulus > BigInteger.One && !_modulus.IsEven && !_exponent.IsEven && _exponent > BigInteger.One
            && _exponent < _modulus && (Bits <= LargeModulusBits || _exponent.GetBitLength() <= MaximumExponentBits);

    private static RSA? Import(RSAParameters key)
    {
        try
        {
            return RSA.Create(key);
        }
        catch (CryptographicException)
        {
            // Some platforms have further limits, such as Windows on the exponent; signatures are then verified here.
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

    /// <summary>Creates the public key of a private key.</summary>
    public static RsaPublicKey From(RSAParameters parameters, bool pssOnly)
        => new(Number(parameters.Modulus!), Number(parameters.Exponent!), pssOnly, null);

    /// <inheritdoc/>
    public override bool VerifyHash(HashAlgorithmName? hash, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature, bool pss = false)
    {
        if (!_usable || signature.Length != Size || (!pss && Kind == KeyKind.RsaPss))
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

        KeyOperationCost.Count(VerificationCost);
        return hash is { } native && RsaPadding.IsNative(native) && Native() is { } rsa
            ? rsa.VerifyHash(hashValue, signature, native, RSASignaturePadding.Pkcs1)
            : RsaPadding.IsPkcs1(Apply(signature), prefix, hashValue);
    }

    /// <inheritdoc/>
    public override bool VerifyPss(PssParameters parameters, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
        => VerifyPssHash(parameters, HashNames.HashData(parameters.Hash, data), signature);

    /// <inheritdoc/>
    public override byte[] EncryptPkcs1(ReadOnlySpan<byte> premaster)
    {
        KeyOperationCost.Count(VerificationCost);
        try
        {
            return _usable && _native.Value is { } rsa ? rsa.Encrypt(premaster, RSAEncryptionPadding.Pkcs1) : throw TlsError.Ssl("SSL", "BAD_RSA_ENCRYPT");
        }
        catch (CryptographicException)
        {
            // The key is too small for the premaster secret.
            throw TlsError.Ssl("SSL", "BAD_RSA_ENCRYPT");
        }
    }

    private bool VerifyPssHash(PssParameters parameters, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature)
    {
        if (!_usable || signature.Length != Size || hashValue.Length != HashNames.Size(parameters.Hash) || !Permits(parameters))
        {
            return false;
        }

        KeyOperationCost.Count(VerificationCost);
        bool plain = parameters.Hash == parameters.MgfHash && parameters.SaltLength == hashValue.Length && RsaPadding.IsNative(parameters.Hash);
        return plain && Native() is { } rsa
            ? rsa.VerifyHash(hashValue, signature, parameters.Hash, RSASignaturePadding.Pss)
            : RsaPadding.IsPss(Apply(signature), Bits, parameters, hashValue);
    }

    private bool Permits(PssParameters parameters)
        => Restriction is not { } only || (only.Hash == parameters.Hash && only.MgfHash == parameters.MgfHash && parameters.SaltLength >= only.SaltLength);

    private byte[] Apply(ReadOnlySpan<byte> signature)
        => PlatformCryptography.IsOnly ? BouncyCastleRsa.PublicOperation(_modulus, _exponent, Size, signature) : _operation.Value.Apply(signature);

    // The imported key, once the import pays off; null before, and when the platform rejects the key.
    private RSA? Native()
        => Bits >= SmallestNative && Bits % NativeStep == 0
            && (_native.IsValueCreated || PlatformCryptography.IsOnly || Bits > LargestUsedUnimported || Interlocked.Increment(ref _uses) > UsesBeforeImport)
            ? _native.Value : null;

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger number) => number.ToByteArray(isUnsigned: true, isBigEndian: true);
}
