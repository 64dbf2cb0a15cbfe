using System.Security.Cryptography;

namespace SslModule.Engine.Tests.Certificates.Chains;

/// <summary>A revoked certificate to write.</summary>
internal sealed record RevokedSpec(long Serial, int? Reason = null, byte[]? CertificateIssuer = null, Extension[]? More = null);

/// <summary>What a CRL says, right or wrong.</summary>
internal sealed record CrlSpec
{
    public required Issued Issuer { get; init; }

    public string? IssuerName { get; init; }

    public TestKey? Signer { get; init; }

    public string? Algorithm { get; init; }

    public DateTimeOffset ThisUpdate { get; init; } = Authority.Now.AddDays(-1);

    public DateTimeOffset? NextUpdate { get; init; } = Authority.Now.AddDays(1);

    public byte[]? RawThisUpdate { get; init; }

    public byte[]? RawNextUpdate { get; init; }

    public RevokedSpec[] Revoked { get; init; } = [];

    public Extension[] Extensions { get; init; } = [];

    public bool BreakSignature { get; init; }

    /// <summary>The BIT STRING of the signature.</summary>
    public Func<byte[], byte[]> SignatureBits { get; init; } = signature => Der.Bits(0, signature);

    public bool WithKeyIdentifier { get; init; } = true;

    public byte[] Encoded
    {
        get
        {
            TestKey signer = Signer ?? Issuer.Spec.Key;
            string algorithm = Algorithm ?? signer.Algorithm;
            byte[] identifier = TestKey.AlgorithmIdentifier(algorithm);
            Extension[] extensions = WithKeyIdentifier
                ? [new("2.5.29.35", false, Der.Sequence(Der.Primitive(0, Issuer.Spec.Key.Identifier))), .. Extensions]
                : Extensions;
            byte[] next = RawNextUpdate ?? (NextUpdate is { } time ? Der.Time(time) : []);
            byte[] signed = Der.Sequence(
                Der.Integer(1),
                identifier,
                CertificateSpec.Name(IssuerName ?? Issuer.Spec.Subject),
                RawThisUpdate ?? Der.Time(ThisUpdate),
                next,
                Revoked.Length == 0 ? [] : Der.Sequence([.. Revoked.Select(Entry)]),
                extensions.Length == 0 ? [] : Der.Context(0, Der.Sequence([.. extensions.Select(extension => extension.Encode())])));
            byte[] signature = signer.Sign(algorithm, signed);
            if (BreakSignature)
            {
                signature[^1] ^= 1;
            }

            return Der.Sequence(signed, identifier, SignatureBits(signature));
        }
    }

    public string Pem => PemEncoding.WriteString("X509 CRL", Encoded) + "\n";

    private static byte[] Entry(RevokedSpec revoked)
    {
        var extensions = new List<Extension>(revoked.More ?? []);
        if (revoked.Reason is { } reason)
        {
            extensions.Add(new Extension("2.5.29.21", false, [0x0A, 1, (byte)reason]));
        }

        if (revoked.CertificateIssuer is { } issuer)
        {
            extensions.Add(new Extension("2.5.29.29", true, Der.Sequence(issuer)));
        }

        return Der.Sequence(Der.Integer(revoked.Serial), Der.Time(Authority.Now.AddDays(-2)), extensions.Count == 0 ? [] : Der.Sequence([.. extensions.Select(extension => extension.Encode())]));
    }
}
