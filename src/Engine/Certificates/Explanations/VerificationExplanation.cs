using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>Explains a failed verification: which certificate, what was looked for, where, and what would help.</summary>
/// <param name="result">The result, whose code is not 0.</param>
/// <param name="sent">The certificates that the peer sent, leaf first.</param>
/// <param name="settings">What the chain was verified with.</param>
internal sealed class VerificationExplanation(VerificationResult result, IReadOnlyList<Certificate> sent, VerificationSettings settings)
{
    // Those that the store had when the verification failed.
    private readonly IReadOnlyList<TrustSource> _sources = settings.Store.Sources();

    /// <summary>"server" or "client": whose certificate was verified.</summary>
    private string Peer => settings.Purpose == Purpose.ClientAuth ? "client" : "server";

    private Certificate Failed => result.Chain[Math.Clamp(result.Depth, 0, result.Chain.Count - 1)];

    /// <summary>The explanation. It may read the system's trusted certificates.</summary>
    public string Describe() => new ExplanationText()
        .Line("certificate", CertificateLine())
        .Line("looked for", LookedFor())
        .Line("looked in", NeedsIssuer(result.Code) ? LookedIn() : NeedsRevocationList(result.Code) ? RevocationLists() : null)
        .Line("what would help", new VerificationAdvice(result, settings, Failed, Peer).Text())
        .ToString();

    /// <summary>Whether a code means that no trusted issuer was found.</summary>
    public static bool NeedsIssuer(int code) => code is VerifyCode.UnableToGetIssuer or VerifyCode.UnableToGetIssuerLocally
        or VerifyCode.UnableToVerifyLeafSignature or VerifyCode.SelfSignedInChain or VerifyCode.DepthZeroSelfSigned;

    /// <summary>Whether a code is about CRLs.</summary>
    public static bool NeedsRevocationList(int code) => code is VerifyCode.UnableToGetCrl or VerifyCode.UnableToGetCrlIssuer or VerifyCode.CrlHasExpired
        or VerifyCode.CrlNotYetValid or VerifyCode.CrlSignatureFailure or VerifyCode.DifferentCrlScope or VerifyCode.Revoked;

    private string CertificateLine()
    {
        string place = result.Depth == 0 ? $"depth 0, the {Peer}'s own" : $"depth {ExplanationText.Number(result.Depth)}, counted from the {Peer}'s own at 0";
        return $"{place}; subject {ExplanationText.Name(Failed.Subject)}, issuer {ExplanationText.Name(Failed.Issuer)}, {ExplanationText.Validity(Failed)}";
    }

    private string? LookedFor() => result.Code switch
    {
        VerifyCode.HostnameMismatch or VerifyCode.IpAddressMismatch => $"the name '{ExplanationText.Printable(settings.HostName ?? "")}'",
        VerifyCode.NotYetValid or VerifyCode.HasExpired => $"a certificate that is valid at {ExplanationText.Time(settings.Time)}, the time of {(settings.Has(VerifyFlags.UseCheckTime) ? "VERIFY_USE_CHECK_TIME" : "this computer's clock")}",
        VerifyCode.DepthZeroSelfSigned or VerifyCode.SelfSignedInChain => $"this self-signed certificate among the trusted ones",
        VerifyCode.InvalidPurpose => $"a certificate for the purpose '{(Peer == "server" ? "TLS Web Server Authentication" : "TLS Web Client Authentication")}'",
        _ when NeedsIssuer(result.Code) => $"a trusted certificate of its issuer, {ExplanationText.Name(Failed.Issuer)}",
        _ when NeedsRevocationList(result.Code) => $"a certificate revocation list (CRL) of {ExplanationText.Name(Failed.Issuer)}, valid at {ExplanationText.Time(settings.Time)}",
        _ => null,
    };

    private string LookedIn()
    {
        int further = sent.Count - 1;
        string beside = further == 0 ? $"the {Peer} sent no further certificates" : $"{ExplanationText.Count(further, "further certificate")} that the {Peer} sent ({Subjects(sent.Skip(1))})";
        string[] sources = [.. _sources.Select(Describe)];
        return $"{beside}; {(sources.Length == 0 ? "no trusted certificates, as none were loaded into this context" : string.Join("; ", sources))}";
    }

    private static string Describe(TrustSource source)
    {
        string counted = ExplanationText.Count(source.Certificates, "trusted certificate");
        return source.Kind switch
        {
            TrustSourceKind.File => $"{counted} of the file {source.Path}",
            TrustSourceKind.Directory => $"the directory {source.Path}, in files named by hash ({counted} read so far)",
            TrustSourceKind.Keychains => $"{counted} of the keychains",
            _ => $"{counted} that the application handed over as data" + (OperatingSystem.IsWindows() ? ", as load_default_certs() does with those of the system's stores" : ""),
        };
    }

    private string RevocationLists()
    {
        RevocationList[] found = [.. settings.Store.FindByIssuer(Failed.Issuer)];
        return found.Length > 0
            ? string.Join("; ", found.Select(Describe))
            : $"{ExplanationText.Count(settings.Store.Count().RevocationLists, "CRL")} of this context, none of them of that issuer";
    }

    private static string Describe(RevocationList list)
        => $"the CRL of {ExplanationText.Name(list.Issuer)}, issued {ExplanationText.Time(list.ThisUpdate)}, next due {(list.NextUpdate is { } next ? ExplanationText.Time(next) : "at no given time")}";

    private static string Subjects(IEnumerable<Certificate> certificates) => ExplanationText.List(certificates.Select(certificate => ExplanationText.Name(certificate.Subject)));
}
