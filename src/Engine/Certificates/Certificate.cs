using System.Formats.Asn1;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>A certificate (RFC 5280 section 4.1): parsed once from DER, immutable, safe to share between threads.</summary>
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
        CheckShape(Asn1.Reader(SubjectPublicKeyInfo).ReadSequence());
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

    /// <summary>What the signature covers.</summary>
    public ReadOnlyMemory<byte> ToBeSigned { get; }

    /// <summary>How it is signed.</summary>
    public AlgorithmIdentifier SignatureAlgorithm { get; }

    /// <summary>The same inside the signed part; it must not differ.</summary>
    public AlgorithmIdentifier InnerSignatureAlgorithm { get; }

    /// <summary>The signature.</summary>
    public BitString Signature { get; }

    /// <summary>1, 2 or 3.</summary>
    public int Version { get; }

    /// <summary>The serial number, big-endian two's complement.</summary>
    public ReadOnlyMemory<byte> SerialNumber { get; }

    /// <summary>Who signed.</summary>
    public DistinguishedName Issuer { get; }

    /// <summary>Who holds the key.</summary>
    public DistinguishedName Subject { get; }

    /// <summary>The issuer's name in DER.</summary>
    public ReadOnlyMemory<byte> IssuerDer => Issuer.Encoded;

    /// <summary>The subject's name in DER.</summary>
    public ReadOnlyMemory<byte> SubjectDer => Subject.Encoded;

    /// <summary>The first instant of validity.</summary>
    public CertificateTime NotBefore { get; }

    /// <summary>The last instant of validity.</summary>
    public CertificateTime NotAfter { get; }

    /// <summary>The key in DER.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    /// <summary>The key; asking for it throws a TlsError when it is malformed or of an unknown kind.</summary>
    public PublicKey PublicKey => _publicKey.Value.Key ?? throw _publicKey.Value.Error!;

    /// <summary>The key; null when it is malformed or of an unknown kind. A chain may be looked for among hundreds of such.</summary>
    public PublicKey? ReadableKey => _publicKey.Value.Key;

    /// <summary>The extensions in order, undecoded.</summary>
    public IReadOnlyList<CertificateExtension> ExtensionList { get; }

    /// <summary>The extensions that verification understands.</summary>
    public CertificateExtensions Extensions => _extensions.Value;

    /// <summary>True when one of the unique identifiers of version 2 is there.</summary>
    public bool HasUniqueIdentifiers { get; }

    /// <summary>True when subject and issuer are the same name.</summary>
    public bool IsSelfIssued { get; }

    /// <summary>
    /// True when nothing in the certificate says that another key signed it: the name is its own, the authority key
    /// identifier, if any, points to itself, and the key is of the kind that made the signature.
    /// </summary>
    public bool IsSelfSigned => _selfSigned.Value;

    /// <summary>
    /// True when <paramref name="key"/> signed the certificate and both copies of the algorithm agree. A key that has is
    /// remembered: certificate and key never change, so neither does the answer.
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

    /// <summary>The subject on one line, such as <c>/C=XY/CN=localhost</c> read backwards as RFC 4514 does.</summary>
    public string SubjectText => NameText.Rfc4514(Subject);

    /// <summary>Parses a certificate; garbage is a TlsError.</summary>
    public static Certificate Parse(ReadOnlyMemory<byte> der)
    {
        // The caller's buffer may change later; this object must not.
        byte[] copy = der.ToArray();
        return Asn1.Guard(() => new Certificate(copy));
    }

    /// <summary>The first certificate of a PEM file, for CPython's <c>_test_decode_cert</c> with its two messages.</summary>
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

    /// <summary>Parses a certificate and the bytes behind it, as OpenSSL reads certificates laid end to end.</summary>
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

    // The key is parsed when it is asked for; that it is one is seen now.
    private static void CheckShape(AsnReader publicKey)
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
