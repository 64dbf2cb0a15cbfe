using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SslModule.Engine.Tests.Certificates;

/// <summary>What a test certificate looks like.</summary>
internal sealed record Shape
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public string Name { get; init; } = "CN=leaf";

    public string? Issuer { get; init; }

    public Func<AsymmetricAlgorithm> NewKey { get; init; } = () => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    public DateTimeOffset NotBefore { get; init; } = Authority.Now.AddYears(-1);

    public DateTimeOffset NotAfter { get; init; } = Authority.Now.AddYears(1);

    public bool? IsCa { get; init; }

    public bool BasicConstraintsCritical { get; init; } = true;

    public int? PathLength { get; init; }

    public X509KeyUsageFlags? Usage { get; init; }

    public string[] Purposes { get; init; } = [];

    public string[] DnsNames { get; init; } = [];

    public string[] Addresses { get; init; } = [];

    public X509Extension[] More { get; init; } = [];

    public bool Identifiers { get; init; } = true;

    public static Shape Ca() => new() { IsCa = true, Usage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign };

    public static Shape Server(params string[] names) => new() { DnsNames = names, Purposes = [ServerAuth], IsCa = false, Usage = X509KeyUsageFlags.DigitalSignature };

    public static Shape Client() => new() { Purposes = [ClientAuth] };

    public IEnumerable<X509Extension> Extensions(PublicKey key, AsymmetricAlgorithm signer)
    {
        if (IsCa is { } authority)
        {
            yield return new X509BasicConstraintsExtension(authority, PathLength is not null, PathLength ?? 0, BasicConstraintsCritical);
        }

        if (Usage is { } usage)
        {
            yield return new X509KeyUsageExtension(usage, critical: true);
        }

        if (Purposes.Length > 0)
        {
            var oids = new OidCollection();
            foreach (string purpose in Purposes)
            {
                oids.Add(new Oid(purpose));
            }

            yield return new X509EnhancedKeyUsageExtension(oids, critical: false);
        }

        if (DnsNames.Length + Addresses.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (string name in DnsNames)
            {
                names.AddDnsName(name);
            }

            foreach (string address in Addresses)
            {
                names.AddIpAddress(System.Net.IPAddress.Parse(address));
            }

            yield return names.Build();
        }

        if (Identifiers)
        {
            var own = new X509SubjectKeyIdentifierExtension(key, critical: false);
            yield return own;
            var signerId = new X509SubjectKeyIdentifierExtension(PublicKeyOf(signer), critical: false);
            yield return X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(signerId);
        }

        foreach (X509Extension extension in More)
        {
            yield return extension;
        }
    }

    private static PublicKey PublicKeyOf(AsymmetricAlgorithm key) => key switch
    {
        RSA rsa => new PublicKey(rsa),
        ECDsa ec => new PublicKey(ec),
        _ => throw new InvalidOperationException(),
    };
}
