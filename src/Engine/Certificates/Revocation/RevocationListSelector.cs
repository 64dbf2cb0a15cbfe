using SslModule.Engine.Errors;
using SslModule.Engine.Oids;
namespace SslModule.Engine.Certificates;

/// <summary>How well a CRL fits a certificate: OpenSSL's score bits, where higher bits matter more.</summary>
[Flags]
internal enum RevocationListScore
{
    None = 0,

    /// <summary>A current delta CRL exists for it.</summary>
    DeltaTime = 0x2,

    /// <summary>Its authority key identifier matches a known certificate.</summary>
    IssuerFound = 0x4,

    /// <summary>Its issuer is on the certificate's path.</summary>
    SamePath = 0x8,

    /// <summary>Its issuer is the certificate's issuer.</summary>
    IssuerCertificate = 0x18,

    /// <summary>Its issuer's name is that of the certificate's issuer.</summary>
    IssuerName = 0x20,

    /// <summary>It is current.</summary>
    Time = 0x40,

    /// <summary>Its scope covers the certificate.</summary>
    Scope = 0x80,

    /// <summary>It has no unsupported critical extension.</summary>
    NoUnknownCritical = 0x100,
}

/// <summary>A selected CRL.</summary>
/// <param name="List">The complete list.</param>
/// <param name="Delta">Its delta; null when none is used.</param>
/// <param name="Issuer">The certificate that signed it.</param>
/// <param name="Score">Its score.</param>
/// <param name="Reasons">The reasons covered once it has been consulted.</param>
internal sealed record SelectedRevocationList(RevocationList List, RevocationList? Delta, Certificate Issuer, RevocationListScore Score, int Reasons)
{
    /// <summary>True when the score has all of <paramref name="bits"/>.</summary>
    public bool Has(RevocationListScore bits) => (Score & bits) == bits;
}

/// <summary>Selects the CRL of the store that fits a certificate best.</summary>
/// <param name="path">The certificate's path.</param>
/// <param name="depth">The depth of the certificate in the path.</param>
/// <param name="coveredReasons">The reasons covered by earlier CRLs.</param>
internal sealed class RevocationListSelector(CertificatePath path, int depth, int coveredReasons)
{
    private readonly Certificate _certificate = path.Chain[depth];

    private bool IsExtended => path.Settings.Has(VerifyFlags.ExtendedCrlSupport);

    /// <summary>The CRL with the highest score, of equal ones the newest; null when none fits.</summary>
    public SelectedRevocationList? Select()
    {
        IReadOnlyList<RevocationList> lists = path.Settings.Store.FindByIssuer(_certificate.Issuer);
        SelectedRevocationList? best = null;
        foreach (RevocationList list in lists)
        {
            if (Score(list) is not { } rated || (best is not null && (rated.Score < best.Score || (rated.Score == best.Score && !IsNewer(list, best.List)))))
            {
                continue;
            }

            best = rated;
        }

        return best is null ? null : WithDelta(best, lists);
    }

    private static bool IsNewer(RevocationList list, RevocationList than)
        => list.ThisUpdate.Seconds is { } mine && than.ThisUpdate.Seconds is { } theirs && mine > theirs;

    private SelectedRevocationList? Score(RevocationList list)
    {
        IssuingDistributionPoint? point = list.DistributionPoint;
        if (list.IsMalformed || list.BaseNumber is not null || (!IsExtended && point is { IsIndirect: true } or { Reasons: not null }))
        {
            return null;
        }

        if (point?.Reasons is { } some && (some & ~coveredReasons) == 0)
        {
            return null;
        }

        bool named = list.Issuer.Equals(_certificate.Issuer);
        if (!named && point is not { IsIndirect: true })
        {
            return null;
        }

        RevocationListScore score = (named ? RevocationListScore.IssuerName : 0)
            | (list.HasUnknownCritical ? 0 : RevocationListScore.NoUnknownCritical)
            | (RevocationListValidity.Check(list, path.Settings) == VerifyCode.Ok ? RevocationListScore.Time : 0);
        if (FindIssuer(list, ref score) is not { } issuer)
        {
            return null;
        }

        int reasons = coveredReasons;
        if (Covers(list, named, out int covered))
        {
            if ((covered & ~coveredReasons) == 0)
            {
                return null;
            }

            reasons |= covered;
            score |= RevocationListScore.Scope;
        }

        return new SelectedRevocationList(list, null, issuer, score, reasons);
    }

    // The certificate's own issuer, one further up or, with extended CRL support, one that the peer sent.
    private Certificate? FindIssuer(RevocationList list, ref RevocationListScore score)
    {
        int at = Math.Min(depth + 1, path.Count - 1);
        if (IssuerMatching.AuthorityKeyMatches(path.Chain[at], list.AuthorityKeyIdentifier) && (score & RevocationListScore.IssuerName) != 0)
        {
            score |= RevocationListScore.IssuerFound | RevocationListScore.IssuerCertificate;
            return path.Chain[at];
        }

        for (at++; at < path.Count; at++)
        {
            if (Signs(path.Chain[at], list))
            {
                score |= RevocationListScore.IssuerFound | RevocationListScore.SamePath;
                return path.Chain[at];
            }
        }

        Certificate? beside = IsExtended ? path.Sent.FirstOrDefault(candidate => Signs(candidate, list)) : null;
        score |= beside is null ? 0 : RevocationListScore.IssuerFound;
        return beside;
    }

    private static bool Signs(Certificate candidate, RevocationList list)
        => candidate.Subject.Equals(list.Issuer) && IssuerMatching.AuthorityKeyMatches(candidate, list.AuthorityKeyIdentifier);

    // Whether the list's scope matches one of the certificate's distribution points, and for which reasons.
    private bool Covers(RevocationList list, bool named, out int reasons)
    {
        IssuingDistributionPoint? scope = list.DistributionPoint;
        reasons = scope?.Reasons ?? RevocationReasons.All;
        bool authority = _certificate.Extensions.BasicConstraints is { IsCa: true };
        if (scope is { OnlyContainsAttributeCerts: true } || (authority ? scope is { OnlyContainsUserCerts: true } : scope is { OnlyContainsCaCerts: true }))
        {
            return false;
        }

        foreach (DistributionPoint point in _certificate.Extensions.CrlDistributionPoints ?? [])
        {
            bool issuerFits = point.CrlIssuer is null ? named : point.CrlIssuer.Any(name => name.Directory?.Equals(list.Issuer) == true);
            if (issuerFits && MatchesScope(point, scope))
            {
                reasons &= point.Reasons ?? RevocationReasons.All;
                return true;
            }
        }

        return scope?.Name is null && named;
    }

    private bool MatchesScope(DistributionPoint point, IssuingDistributionPoint? scope)
        => scope?.Name is not { } published || point.Name is not { } wanted
            || wanted.CompleteWith(point.CrlIssuerName ?? _certificate.Issuer).SharesNameWith(published);

    private SelectedRevocationList WithDelta(SelectedRevocationList chosen, IReadOnlyList<RevocationList> lists)
    {
        bool announced = _certificate.Extensions.Has(KnownOids.FreshestCrl) || chosen.List.HasFreshest;
        if (!path.Settings.Has(VerifyFlags.UseDeltas) || !announced || lists.FirstOrDefault(list => IsDelta(list, chosen.List)) is not { } delta)
        {
            return chosen;
        }

        bool inTime = RevocationListValidity.Check(delta, path.Settings) == VerifyCode.Ok;
        return chosen with { Delta = delta, Score = chosen.Score | (inTime ? RevocationListScore.DeltaTime : 0) };
    }

    // RFC 5280 section 5.2.4: the delta has the same issuer, key and scope, its base is not newer than the list, and it is newer than the list.
    private static bool IsDelta(RevocationList delta, RevocationList list)
        => !delta.IsMalformed && delta.BaseNumber is { } start && list.Number is { } number && delta.Issuer.Equals(list.Issuer)
            && HaveEqualExtension(delta, list, KnownOids.AuthorityKeyIdentifier) && HaveEqualExtension(delta, list, KnownOids.IssuingDistributionPoint)
            && start <= number && delta.Number > number;

    private static bool HaveEqualExtension(RevocationList one, RevocationList other, string oid)
    {
        CertificateExtension? mine = one.ExtensionList.FirstOrDefault(extension => extension.Oid == oid);
        CertificateExtension? theirs = other.ExtensionList.FirstOrDefault(extension => extension.Oid == oid);
        return mine is null || theirs is null ? mine == theirs : mine.Value.Span.SequenceEqual(theirs.Value.Span);
    }
}
