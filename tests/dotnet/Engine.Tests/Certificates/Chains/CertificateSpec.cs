using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Certificates.Chains;

/// <summary>An extension to write; a null value leaves one of the usual ones out.</summary>
internal sealed record Extension(string Oid, bool Critical, byte[]? Value)
{
    /// <summary>The critical flag in place of the usual one.</summary>
    public byte[]? RawCritical { get; init; }

    /// <summary>The whole value, tag and length too, in place of an OCTET STRING.</summary>
    public byte[]? RawValue { get; init; }

    public byte[] Encode() => Der.Sequence(Der.Oid(Oid), RawCritical ?? (Critical ? Der.Boolean(true) : []), RawValue ?? Der.Octets(Value!));
}

/// <summary>What a certificate says, right or wrong: every field can be bent.</summary>
internal sealed record CertificateSpec
{
    private static long _serial = 7_000_000;

    public required string Subject { get; init; }

    /// <summary>The subject in DER, where its text cannot say it.</summary>
    public byte[]? RawSubject { get; init; }

    public string? Issuer { get; init; }

    /// <summary>The issuer in DER, likewise.</summary>
    public byte[]? RawIssuer { get; init; }

    /// <summary>The version with its tag.</summary>
    public byte[]? RawVersion { get; init; }

    /// <summary>What stands between key and extensions.</summary>
    public byte[] UniqueIdentifiers { get; init; } = [];

    /// <summary>The BIT STRING of the signature.</summary>
    public Func<byte[], byte[]> SignatureBits { get; init; } = signature => Der.Bits(0, signature);

    public TestKey Key { get; init; } = TestKey.Create("P-256");

    public string? Algorithm { get; init; }

    /// <summary>The algorithm inside the signed part, when it differs.</summary>
    public string? InnerAlgorithm { get; init; }

    public int Version { get; init; } = 3;

    public long Serial { get; init; } = Interlocked.Increment(ref _serial);

    public DateTimeOffset NotBefore { get; init; } = Authority.Now.AddYears(-1);

    public DateTimeOffset NotAfter { get; init; } = Authority.Now.AddYears(1);

    public byte[]? RawNotBefore { get; init; }

    public byte[]? RawNotAfter { get; init; }

    public bool IsCa { get; init; }

    public bool BreakSignature { get; init; }

    /// <summary>Signed by this key in place of the issuer's.</summary>
    public TestKey? Signer { get; init; }

    /// <summary>Extensions in place of the usual ones of the same type, or more of them.</summary>
    public Extension[] Extensions { get; init; } = [];

    public static byte[] Name(string name) => new X500DistinguishedName(name).RawData;

    public CertificateSpec With(params Extension[] extensions) => this with { Extensions = [.. Extensions, .. extensions] };

    public Issued SelfSign() => Make(this, Subject, Key, Key.Identifier);

    public static Issued Make(CertificateSpec spec, string issuer, TestKey issuerKey, byte[]? authorityKey)
    {
        TestKey signer = spec.Signer ?? issuerKey;
        string algorithm = spec.Algorithm ?? signer.Algorithm;
        byte[] inner = TestKey.AlgorithmIdentifier(spec.InnerAlgorithm ?? algorithm);
        byte[][] extensions = [.. spec.All(authorityKey).Where(extension => extension.Value is not null).Select(extension => extension.Encode())];
        byte[] signed = Der.Sequence(
            spec.RawVersion ?? (spec.Version == 1 ? [] : Der.Context(0, Der.Integer(spec.Version - 1))),
            Der.Integer(spec.Serial),
            inner,
            spec.RawIssuer ?? Name(spec.Issuer ?? issuer),
            Der.Sequence(spec.RawNotBefore ?? Der.Time(spec.NotBefore), spec.RawNotAfter ?? Der.Time(spec.NotAfter)),
            spec.RawSubject ?? Name(spec.Subject),
            spec.Key.PublicKeyInfo,
            spec.UniqueIdentifiers,
            extensions.Length == 0 ? [] : Der.Context(3, Der.Sequence(extensions)));
        byte[] signature = signer.Sign(algorithm, signed);
        if (spec.BreakSignature)
        {
            signature[^1] ^= 1;
        }

        return new Issued(spec, Der.Sequence(signed, TestKey.AlgorithmIdentifier(algorithm), spec.SignatureBits(signature)));
    }

    private IEnumerable<Extension> All(byte[]? authorityKey)
    {
        Extension[] usual = Version < 3 ? [] :
        [
            new("2.5.29.19", true, IsCa ? Der.Sequence(Der.Boolean(true)) : Der.Sequence()),
            new("2.5.29.15", true, IsCa ? Der.Bits(1, 0x06) : Der.Bits(7, 0x80)),
            new("2.5.29.14", false, Der.Octets(Key.Identifier)),
            new("2.5.29.35", false, authorityKey is null ? null : Der.Sequence(Der.Primitive(0, authorityKey))),
        ];
        return usual.Where(extension => !Extensions.Any(other => other.Oid == extension.Oid)).Concat(Extensions);
    }
}

/// <summary>A certificate that was written, which can sign others.</summary>
internal sealed record Issued(CertificateSpec Spec, byte[] Encoded)
{
    public string Pem => PemEncoding.WriteString("CERTIFICATE", Encoded) + "\n";

    public Certificate Certificate => Certificate.Parse(Encoded);

    public Issued Issue(CertificateSpec spec)
        => CertificateSpec.Make(spec, Spec.Subject, Spec.Key, Spec.Key.Identifier);

    /// <summary>The certificate with trust settings, as <c>openssl x509 -addtrust</c> writes it.</summary>
    public string TrustedPem(string[]? trusted, string[] rejected)
    {
        byte[] settings = Der.Sequence(
            trusted is null ? [] : Der.Sequence([.. trusted.Select(Der.Oid)]),
            rejected.Length == 0 ? [] : Der.Context(0, [.. rejected.Select(Der.Oid)]));
        return PemEncoding.WriteString("TRUSTED CERTIFICATE", [.. Encoded, .. settings]) + "\n";
    }
}
