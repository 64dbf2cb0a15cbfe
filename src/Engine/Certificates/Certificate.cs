using System.Formats.Asn1;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>A certificate (RFC 5280 section 4.1), parsed from DER; immutable and safe to share between threads.</summary>
internal sealed class Certificate : IEquatable<Certificate>
{
    private readonly Lazy<(PublicKey? Key, TlsError? Error)> _publicKey;
    private readonly Lazy<CertificateExtensions> _extensions;
    private readonly Lazy<bool> _selfSigned;
    private PublicKey? _signer;

    private Certificate(ReadOnlyMemory<byte> encoded)
    {
        Encoded = encoded;
        AsnReader outer = Asn1.Reader(encoded);
        AsnReader certificate = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        ToBeSigned = certificate.PeekEncodedValue();
        AsnReader fields = certificate.ReadSequence();
        SignatureAlgorithm = AlgorithmIdentifier.Read(certificate);
        Signature = Asn1.ReadBits(certificate);
        certificate.ThrowIfNotEmpty();
        Version = Asn1.NextIs(fields, 0) ? ReadVersion(fields.ReadSequence(Asn1.Context(0, constructed: true))) : 1;
        SerialNumber = fields.ReadIntegerBytes();
        InnerSignatureAlgorithm = AlgorithmIdentifier.Read(fields);
        Issuer = DistinguishedName.Parse(fields.ReadEncodedValue());
        AsnReader validity = fields.ReadSequence();
        NotBefore = CertificateTime.Read(validity);
        NotAfter = CertificateTime.Read(validity);
        validity.ThrowIfNotEmpty();
        Subject = DistinguishedName.Parse(fields.ReadEncodedValue());
        SubjectPublicKeyInfo = fields.ReadEncodedValue();
        CheckKeyEncoding(Asn1.Reader(SubjectPublicKeyInfo).ReadSequence());
        HasUniqueIdentifiers = SkipUniqueIdentifier(fields, 1) | SkipUniqueIdentifier(fields, 2);
        ExtensionList = [];
        if (Asn1.NextIs(fields, 3))
        {
            AsnReader wrapper = fields.ReadSequence(Asn1.Context(3, constructed: true));
            ExtensionList = CertificateExtension.ReadAll(wrapper);
            wrapper.ThrowIfNotEmpty();
        }

        fields.ThrowIfNotEmpty();
        _publicKey = new Lazy<(PublicKey?, TlsError?)>(() => ReadKey(SubjectPublicKeyInfo));
        _extensions = new Lazy<CertificateExtensions>(() => new CertificateExtensions(ExtensionList));
        IsSelfIssued = Subject.Equals(Issuer);
        _selfSigned = new Lazy<bool>(() => IssuerMatching.IsSelfSigned(this));
    }

    /// <summary>The whole certificate in DER.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The tbsCertificate, over which the signature is computed.</summary>
    public ReadOnlyMemory<byte> ToBeSigned { get; }

    /// <summary>The signature algorithm.</summary>
    public AlgorithmIdentifier SignatureAlgorithm { get; }

    /// <summary>The signature algorithm inside tbsCertificate; must equal the outer one.</summary>
    public AlgorithmIdentifier InnerSignatureAlgorithm { get; }

    /// <summary>The signature.</summary>
    public BitString Signature { get; }

    /// <summary>The version: 1, 2 or 3.</summary>
    public int Version { get; }

    /// <summary>The serial number, big-endian two's complement.</summary>
    public ReadOnlyMemory<byte> SerialNumber { get; }

    /// <summary>The issuer's name.</summary>
    public DistinguishedName Issuer { get; }

    /// <summary>The subject's name.</summary>
    public DistinguishedName Subject { get; }

    /// <summary>The issuer's name in DER.</summary>
    public ReadOnlyMemory<byte> IssuerDer => Issuer.Encoded;

    /// <summary>The subject's name in DER.</summary>
    public ReadOnlyMemory<byte> SubjectDer => Subject.Encoded;

    /// <summary>The start of validity.</summary>
    public CertificateTime NotBefore { get; }

    /// <summary>The end of validity.</summary>
    public CertificateTime NotAfter { get; }

    /// <summary>The SubjectPublicKeyInfo in DER.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    /// <summary>The public key; throws a TlsError when it is malformed or of an unknown type.</summary>
    public PublicKey PublicKey => _publicKey.Value.Key ?? throw _publicKey.Value.Error!;

    /// <summary>The public key; null when it is malformed or of an unknown type. Avoids exceptions during chain building.</summary>
    public PublicKey? ReadableKey => _publicKey.Value.Key;

    /// <summary>The extensions in order, not decoded.</summary>
    public IReadOnlyList<CertificateExtension> ExtensionList { get; }

    /// <summary>The decoded extensions that verification uses.</summary>
    public CertificateExtensions Extensions => _extensions.Value;

    /// <summary>True when one of the version 2 unique identifiers is present.</summary>
    public bool HasUniqueIdentifiers { get; }

    /// <summary>True when subject and issuer are equal.</summary>
    public bool IsSelfIssued { get; }

    /// <summary>
    /// True when the certificate can be self-signed: subject and issuer are equal, the authority key identifier, if any, matches
    /// itself and the key type fits the signature algorithm.
    /// </summary>
    public bool IsSelfSigned => _selfSigned.Value;

    /// <summary>
    /// True when <paramref name="key"/> verifies the signature and both copies of the algorithm are equal. A key that verified is
    /// remembered, because certificate and key are immutable.
    /// </summary>
    public bool WasSignedBy(PublicKey key)
    {
        if (ReferenceEquals(Volatile.Read(ref _signer), key))
        {
            return true;
        }

        bool signed = CertificateSignature.Verify(key, this);
        if (signed)
        {
            Volatile.Write(ref _signer, key);
        }

        return signed;
    }

    /// <summary>The subject in the format of RFC 4514, such as <c>CN=localhost,C=XY</c>.</summary>
    public string SubjectText => NameText.Rfc4514(Subject);

    /// <summary>Parses a certificate; a malformed one raises a TlsError.</summary>
    public static Certificate Parse(ReadOnlyMemory<byte> der)
    {
        // Copy the caller's buffer, because it may change later.
        byte[] copy = der.ToArray();
        return Asn1.Guard(() => new Certificate(copy));
    }

    /// <summary>Parses the first certificate of a PEM file, for CPython's <c>_test_decode_cert</c> with its two error messages.</summary>
    public static Certificate FromPemFile(string path)
    {
        byte[] text;
        try
        {
            text = CertificateFiles.ReadBytes(path);
        }
        catch (TlsError)
        {
            throw TlsError.Plain("Can't open file");
        }

        try
        {
            PemBlock? block = Pem.Blocks(text).Find(candidate => candidate.Data is null || CertificateFiles.IsCertificate(candidate.Label));
            return block?.Data is null ? throw TlsError.Plain("Error decoding PEM-encoded file") : CertificateFiles.Parse(block);
        }
        catch (TlsError)
        {
            throw TlsError.Plain("Error decoding PEM-encoded file");
        }
    }

    /// <summary>Parses a certificate with trailing data, for concatenated certificates.</summary>
    public static Certificate ParseFirst(ReadOnlyMemory<byte> der, out int length)
    {
        int taken = Asn1.Guard(() => Asn1.Reader(der).PeekEncodedValue().Length);
        length = taken;
        return Parse(der[..taken]);
    }

    /// <inheritdoc/>
    public bool Equals(Certificate? other) => ReferenceEquals(this, other) || (other is not null && Encoded.Span.SequenceEqual(other.Encoded.Span));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Certificate);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Signature.Bytes);
        return hash.ToHashCode();
    }

    private static (PublicKey? Key, TlsError? Error) ReadKey(ReadOnlyMemory<byte> subjectPublicKeyInfo)
    {
        try
        {
            return (PublicKey.Parse(subjectPublicKeyInfo), null);
        }
        catch (TlsError error)
        {
            return (null, error);
        }
    }

    // The key is parsed on demand; only its presence is checked here.
    private static void CheckKeyEncoding(AsnReader publicKey)
    {
        AlgorithmIdentifier.Read(publicKey);
        Asn1.ReadBits(publicKey);
        publicKey.ThrowIfNotEmpty();
    }

    private static int ReadVersion(AsnReader wrapper)
    {
        bool known = wrapper.TryReadInt32(out int version);
        wrapper.ThrowIfNotEmpty();
        return known && version is >= 0 and <= 2 ? version + 1 : throw new AsnContentException();
    }

    private static bool SkipUniqueIdentifier(AsnReader fields, int number)
    {
        bool present = Asn1.NextIs(fields, number);
        if (present)
        {
            Asn1.ReadBits(fields, Asn1.Context(number));
        }

        return present;
    }
}
