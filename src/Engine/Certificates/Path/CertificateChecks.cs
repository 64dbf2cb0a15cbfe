using SslModule.Engine.Oids;
namespace SslModule.Engine.Certificates;

/// <summary>The reason why a certificate counts as a CA, from the strongest to the weakest, with OpenSSL's values.</summary>
internal enum CaKind
{
    /// <summary>Not a CA.</summary>
    None = 0,

    /// <summary>basicConstraints has the cA flag.</summary>
    BasicConstraints = 1,

    /// <summary>A self-signed version 1 certificate.</summary>
    VersionOneRoot = 3,

    /// <summary>keyUsage allows it and basicConstraints is absent.</summary>
    KeyUsage = 4,

    /// <summary>The Netscape certificate type says so.</summary>
    Netscape = 5,
}

/// <summary>Checks the extensions of a single certificate.</summary>
internal static class CertificateChecks
{
    private const byte NetscapeSslClient = 0x80;
    private const byte NetscapeSslServer = 0x40;
    private const byte NetscapeSslAuthority = 0x04;
    private const byte NetscapeAnyAuthority = 0x07;

    /// <summary>Whether and why the certificate counts as a CA.</summary>
    public static CaKind CaKind(Certificate certificate)
    {
        CertificateExtensions extensions = certificate.Extensions;
        if (ExcludedByKeyUsage(extensions, KeyUsages.CertSign))
        {
            return Certificates.CaKind.None;
        }

        if (extensions.BasicConstraints is { } constraints)
        {
            return constraints.IsCa ? Certificates.CaKind.BasicConstraints : Certificates.CaKind.None;
        }

        return certificate.Version == 1 && certificate.IsSelfSigned ? Certificates.CaKind.VersionOneRoot
            : extensions.KeyUsage is not null ? Certificates.CaKind.KeyUsage
            : (extensions.NetscapeCertType & NetscapeAnyAuthority) is > 0 ? Certificates.CaKind.Netscape
            : Certificates.CaKind.None;
    }

    /// <summary>
    /// Whether the certificate fits <paramref name="purpose"/>; null when it fits only by a weak reason that strict verification does
    /// not accept.
    /// </summary>
    public static bool? FitsPurpose(Certificate certificate, Purpose purpose, bool asCa)
    {
        CertificateExtensions extensions = certificate.Extensions;
        if (extensions.MalformedOid is not null)
        {
            return null;
        }

        return purpose switch
        {
            Purpose.ClientAuth when !AllowsExtendedUsage(extensions, KnownOids.ClientAuth) => false,
            Purpose.ServerAuth when !AllowsExtendedUsage(extensions, KnownOids.ServerAuth, KnownOids.NetscapeServerGatedCrypto, KnownOids.MicrosoftServerGatedCrypto) => false,
            Purpose.ClientAuth or Purpose.ServerAuth when asCa => FitsTlsCa(certificate),
            Purpose.ClientAuth => !ExcludedByKeyUsage(extensions, KeyUsages.DigitalSignature | KeyUsages.KeyAgreement)
                && !ExcludedByNetscapeType(extensions, NetscapeSslClient),
            Purpose.ServerAuth => !ExcludedByNetscapeType(extensions, NetscapeSslServer)
                && !ExcludedByKeyUsage(extensions, KeyUsages.DigitalSignature | KeyUsages.KeyEncipherment | KeyUsages.KeyAgreement),
            Purpose.CrlSign => asCa ? FitsAsCa(CaKind(certificate)) : !ExcludedByKeyUsage(extensions, KeyUsages.CrlSign),
            _ => true,
        };
    }

    /// <summary>True when keyUsage is present and allows none of <paramref name="usages"/>.</summary>
    public static bool ExcludedByKeyUsage(CertificateExtensions extensions, KeyUsages usages)
        => extensions.KeyUsage is { } allowed && (allowed & usages) == 0;

    private static bool AllowsExtendedUsage(CertificateExtensions extensions, params ReadOnlySpan<string> usages)
    {
        if (extensions.ExtendedKeyUsage is not { } allowed)
        {
            return true;
        }

        foreach (string usage in usages)
        {
            if (allowed.Contains(usage))
            {
                return true;
            }
        }

        return false;
    }

    private static bool? FitsTlsCa(Certificate certificate)
    {
        CaKind kind = CaKind(certificate);
        return kind == Certificates.CaKind.Netscape && (certificate.Extensions.NetscapeCertType & NetscapeSslAuthority) == 0
            ? false
            : FitsAsCa(kind);
    }

    private static bool? FitsAsCa(CaKind kind) => kind switch
    {
        Certificates.CaKind.None => false,
        Certificates.CaKind.BasicConstraints => true,
        _ => null,
    };

    private static bool ExcludedByNetscapeType(CertificateExtensions extensions, byte type)
        => extensions.NetscapeCertType is { } types && (types & type) == 0;
}
