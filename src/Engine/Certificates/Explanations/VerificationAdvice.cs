using System.Security.Cryptography;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Errors;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>What would help after a failed verification.</summary>
/// <param name="result">The result, whose code is not 0.</param>
/// <param name="settings">What the chain was verified with.</param>
/// <param name="failed">The certificate that failed.</param>
/// <param name="peer">"server" or "client".</param>
internal sealed class VerificationAdvice(VerificationResult result, VerificationSettings settings, Certificate failed, string peer)
{
    /// <summary>A sentence or two; null when there is no advice for the code.</summary>
    public string? Text() => result.Code switch
    {
        VerifyCode.HasExpired => settings.Time - Moment(failed.NotAfter) is { Ticks: > 0 } late
            ? $"it has expired {Days(late)} ago; {Owner()} has to renew it, unless this computer's clock is wrong" : null,
        VerifyCode.NotYetValid => Moment(failed.NotBefore) - settings.Time is { Ticks: > 0 } early
            ? $"it becomes valid in {Days(early)}; most likely this computer's clock is wrong" : null,
        VerifyCode.HostnameMismatch or VerifyCode.IpAddressMismatch => NameMismatch(),
        VerifyCode.DepthZeroSelfSigned => SelfSigned(),
        VerifyCode.SelfSignedInChain => InSystemStore(failed.Subject, failed)
            ?? $"if the root {ExplanationText.Name(failed.Subject)} is to be trusted, load it: load_verify_locations(cafile=...). {Fingerprint(failed)}. A proxy or a virus scanner that opens TLS has a root of its own",
        VerifyCode.UnableToGetIssuerLocally or VerifyCode.UnableToVerifyLeafSignature => MissingIssuer(),
        VerifyCode.UnableToGetIssuer => InSystemStore(failed.Issuer, null)
            ?? $"{ExplanationText.Name(failed.Subject)} is trusted but is no root: load the certificate of {ExplanationText.Name(failed.Issuer)} as well, or let verify_flags have VERIFY_X509_PARTIAL_CHAIN, which ends a chain at any trusted certificate",
        VerifyCode.InvalidPurpose => Purpose(),
        VerifyCode.Revoked => Revocation(),
        VerifyCode.UnableToGetCrl or VerifyCode.UnableToGetCrlIssuer or VerifyCode.CrlHasExpired or VerifyCode.CrlNotYetValid => RevocationList(),
        VerifyCode.EndEntityKeyTooSmall or VerifyCode.AuthorityKeyTooSmall => WeakKey(),
        VerifyCode.DigestTooWeak => $"it is signed with {ExplanationText.ObjectName(failed.SignatureAlgorithm.Oid)}, which security level {ExplanationText.Number(settings.SecurityLevel)} does not allow; {Owner()} has to replace it. set_ciphers('DEFAULT@SECLEVEL=0') would let this context accept it",
        VerifyCode.CertificateSignatureFailure => "the signature is not of the issuer's key: the certificate was damaged or forged, or the trusted certificate of that name is another one",
        VerifyCode.InvalidCa or VerifyCode.KeyUsageNoCertSign => "it may not issue certificates, so that those below it are worth nothing",
        VerifyCode.PathLengthExceeded => "it allows fewer certificates between itself and the end of the chain than there are",
        VerifyCode.ChainTooLong => $"the chain has more than {ExplanationText.Number(settings.DepthLimit)} certificates",
        VerifyCode.Rejected or VerifyCode.Untrusted => "the trust settings of a trusted certificate (BEGIN TRUSTED CERTIFICATE) exclude this use",
        VerifyCode.PermittedViolation or VerifyCode.ExcludedViolation => "an issuer in the chain may issue certificates for other names only (name constraints)",
        VerifyCode.UnhandledCriticalExtension => $"it has a critical extension that is not known here; {Owner()} has to replace it",
        VerifyCode.MissingAuthorityKeyIdentifier or VerifyCode.MissingSubjectKeyIdentifier or VerifyCode.CaBasicConstraintsNotCritical or VerifyCode.CaWithoutKeyUsage
            => "VERIFY_X509_STRICT demands what RFC 5280 demands of certificates; without it in verify_flags this certificate passes",
        _ => null,
    };

    private string Owner() => result.Depth == 0 ? $"whoever runs the {peer}" : "whoever issued it";

    private static DateTimeOffset? Moment(CertificateTime time)
        => time.Seconds is { } seconds && seconds > DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static string Days(TimeSpan span) => span.TotalDays >= 1 ? ExplanationText.Count((int)span.TotalDays, "day") : ExplanationText.Count((int)Math.Ceiling(span.TotalMinutes), "minute");

    private string NameMismatch()
    {
        IReadOnlyList<string> names = ExplanationText.HostNames(failed);
        return names.Count == 0
            ? "the certificate has no host name at all: it is not meant for a server"
            : $"the certificate is valid for {ExplanationText.List(names)}: connect by one of these names, pass it as server_hostname, or have the certificate issued again";
    }

    private string SelfSigned()
        => $"{ExplanationText.Name(failed.Subject)} has signed itself, so that nobody vouches for it. If it is the expected one, load it: load_verify_locations(cafile=...). {Fingerprint(failed)}";

    private string MissingIssuer()
    {
        if (InSystemStore(failed.Issuer, null) is { } known)
        {
            return known;
        }

        string issuer = ExplanationText.Name(failed.Issuer);
        if (settings.Store.FindBySubject(failed.Issuer) is { Count: > 0 })
        {
            return $"a trusted certificate has the name {issuer} but another key or serial number than this one's issuer: load the one that the {peer}'s certificate was issued with";
        }

        IReadOnlyList<string> places = ExplanationText.Access(failed, KnownOids.CaIssuers);
        string root = $"If {issuer} is a root to be trusted, load it instead: load_verify_locations(cafile=...)";
        return places.Count > 0
            ? $"the {peer} did not send the intermediate {issuer}; its AIA names {ExplanationText.List(places)}. The {peer} has to send it after its own certificate. {root}"
            : $"the {peer} did not send the certificate of {issuer}. If that is an intermediate, the {peer} has to send it after its own certificate. {root}";
    }

    // With a name alone the key identifiers have to agree; with a certificate it has to be the very one.
    private string? InSystemStore(DistinguishedName subject, Certificate? exactly)
        => SystemTrust.FindBySubject(subject).Any(candidate => exactly is null ? IssuerMatching.AuthorityKeyMatches(candidate, failed) : candidate.Equals(exactly))
            && !settings.Store.FindBySubject(subject).Any(loaded => exactly is null ? IssuerMatching.AuthorityKeyMatches(loaded, failed) : loaded.Equals(exactly))
            ? $"the root {ExplanationText.Name(subject)} is in the system's store but this context did not load it: load_default_certs(), or ssl.create_default_context() without cafile, capath and cadata"
            : null;

    private string Purpose()
    {
        IReadOnlyList<string>? usages = failed.Extensions.ExtendedKeyUsage;
        return usages is null
            ? "its key usage, or its standing as an authority, excludes this purpose"
            : $"it was issued for {ExplanationText.List(usages.Select(usage => $"'{ExplanationText.ObjectName(usage)}'"))}: use one that was issued for a {peer}";
    }

    private string Revocation()
    {
        RevocationEntry? entry = settings.Store.FindByIssuer(failed.Issuer).Select(list => list.Find(failed)).FirstOrDefault(found => found is not null);
        string reason = entry is { Reason: >= 0 } ? $" (reason: {Reasons.GetValueOrDefault(entry.Reason, ExplanationText.Number(entry.Reason))})" : "";
        return $"its issuer has revoked it{reason}: {Owner()} has to replace it";
    }

    private string RevocationList()
    {
        IReadOnlyList<string> places = ExplanationText.RevocationAddresses(failed);
        return $"verify_flags demand a CRL (VERIFY_CRL_CHECK_LEAF or VERIFY_CRL_CHECK_CHAIN), and CRLs are never fetched: load the current one, load_verify_locations(cafile=...){(places.Count > 0 ? $"; the certificate names {ExplanationText.List(places)}" : "")}";
    }

    private string WeakKey()
    {
        string key = failed.ReadableKey is { } found ? $"its key of {ExplanationText.Number(found.Bits)} bits" : "its key, which cannot be read,";
        return $"{key} is too weak for security level {ExplanationText.Number(settings.SecurityLevel)}, which wants {ExplanationText.Number(SecurityLevels.MinimumBits(settings.SecurityLevel))} bits of security; {Owner()} has to replace it. set_ciphers('DEFAULT@SECLEVEL=0') would let this context accept it";
    }

    private static string Fingerprint(Certificate certificate) => "Its SHA-256 fingerprint is " + Convert.ToHexString(SHA256.HashData(certificate.Encoded.Span));

    // CRLReason (RFC 5280 section 5.3.1).
    private static readonly Dictionary<int, string> Reasons = new()
    {
        [0] = "unspecified",
        [1] = "keyCompromise",
        [2] = "cACompromise",
        [3] = "affiliationChanged",
        [4] = "superseded",
        [5] = "cessationOfOperation",
        [6] = "certificateHold",
        [9] = "privilegeWithdrawn",
        [10] = "aACompromise",
    };
}
