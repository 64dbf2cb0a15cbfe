using SslModule.Engine.Errors;
namespace SslModule.Engine.Certificates;

/// <summary>Checks the certificates of a chain against the CRLs of the store (RFC 5280 section 6.3), the leaf first.</summary>
internal sealed class RevocationCheck
{
    private readonly CertificatePath _path;
    private readonly int _depth;
    private readonly Certificate _certificate;

    // The reasons covered by the CRLs consulted so far.
    private int _reasons;

    private RevocationCheck(CertificatePath path, int depth)
    {
        _path = path;
        _depth = depth;
        _certificate = path.Chain[depth];
    }

    /// <summary>The first failure; null when no certificate is revoked or the check is disabled.</summary>
    public static Failure? Check(CertificatePath path)
    {
        VerificationSettings settings = path.Settings;
        bool all = settings.Has(VerifyFlags.CrlCheckAll);
        if (!settings.Has(VerifyFlags.CrlCheck) || (!all && settings.IsCrlPath))
        {
            return null;
        }

        int last = all ? path.Count - 1 : 0;
        for (int depth = 0; depth <= last; depth++)
        {
            int code = new RevocationCheck(path, depth).Run();
            if (code != VerifyCode.Ok)
            {
                return new Failure(code, depth);
            }
        }

        return null;
    }

    // Consult CRLs until all revocation reasons are covered.
    private int Run()
    {
        if (_certificate.Extensions.ProxyPathLength is not null)
        {
            return VerifyCode.Ok;
        }

        while (_reasons != RevocationReasons.All)
        {
            int before = _reasons;
            if (new RevocationListSelector(_path, _depth, _reasons).Select() is not { } chosen)
            {
                return VerifyCode.UnableToGetCrl;
            }

            _reasons = chosen.Reasons;
            int code = CheckAgainst(chosen);
            if (code != VerifyCode.Ok)
            {
                return code;
            }

            if (_reasons == before)
            {
                return VerifyCode.UnableToGetCrl;
            }
        }

        return VerifyCode.Ok;
    }

    private int CheckAgainst(SelectedRevocationList chosen)
    {
        int code = CheckList(chosen, chosen.List);
        if (code != VerifyCode.Ok)
        {
            return code;
        }

        if (chosen.Delta is { } delta)
        {
            code = CheckList(chosen, delta);
            code = code == VerifyCode.Ok ? LookUp(delta, out bool removed) : Result(code, out removed);
            if (code != VerifyCode.Ok || removed)
            {
                return code;
            }
        }

        return LookUp(chosen.List, out _);
    }

    private static int Result(int code, out bool removed)
    {
        removed = false;
        return code;
    }

    private int LookUp(RevocationList list, out bool removed)
    {
        removed = false;
        if (list.HasUnknownCritical && !_path.Settings.Has(VerifyFlags.IgnoreCritical))
        {
            return VerifyCode.UnhandledCriticalCrlExtension;
        }

        if (list.Find(_certificate) is not { } entry)
        {
            return VerifyCode.Ok;
        }

        removed = entry.Reason == RevocationEntry.RemoveFromCrl;
        return removed ? VerifyCode.Ok : VerifyCode.Revoked;
    }

    private int CheckList(SelectedRevocationList chosen, RevocationList list)
    {
        if (list.BaseNumber is null)
        {
            if (CertificateChecks.ExcludedByKeyUsage(chosen.Issuer.Extensions, KeyUsages.CrlSign))
            {
                return VerifyCode.KeyUsageNoCrlSign;
            }

            if (!chosen.Has(RevocationListScore.Scope))
            {
                return VerifyCode.DifferentCrlScope;
            }

            if (!chosen.Has(RevocationListScore.SamePath) && !VerifiesIssuer(chosen.Issuer))
            {
                return VerifyCode.CrlPathValidationError;
            }
        }

        if (!chosen.Has(RevocationListScore.Time))
        {
            int time = RevocationListValidity.Check(list, _path.Settings, chosen.Has(RevocationListScore.DeltaTime));
            if (time != VerifyCode.Ok)
            {
                return time;
            }
        }

        return CheckSignature(chosen.Issuer, list);
    }

    private int CheckSignature(Certificate issuer, RevocationList list)
    {
        if (issuer.ReadableKey is not { } key)
        {
            return VerifyCode.UnableToDecodeIssuerPublicKey;
        }

        int suiteB = SuiteBCheck.Check(issuer, list, _path.Settings);
        return suiteB != VerifyCode.Ok ? suiteB
            : !_path.Budget.TryDeduct(key.VerificationCost) ? VerifyCode.ChainTooLong
            : CertificateSignature.Verify(key, list) ? VerifyCode.Ok
            : VerifyCode.CrlSignatureFailure;
    }

    // A CRL issuer outside the path needs a path of its own to the same trust anchor (RFC 5280 section 6.3.3, step f).
    private bool VerifiesIssuer(Certificate issuer)
    {
        if (_path.Settings.IsCrlPath)
        {
            return false;
        }

        VerificationSettings settings = _path.Settings with
        {
            Purpose = Purpose.CrlSign,
            TrustedUse = _path.Settings.TrustedUse,
            IsCrlPath = true,
        };
        VerificationResult result = ChainVerifier.Verify(issuer, _path.Sent, settings, _path.Budget);
        return result.Code == VerifyCode.Ok && result.Chain[^1].Equals(_path.Chain[^1]);
    }
}

/// <summary>Checks the dates of a CRL.</summary>
internal static class RevocationListValidity
{
    /// <summary>X509_V_OK or the code of the failure; <paramref name="allowExpired"/> allows an expired base whose delta is current.</summary>
    public static int Check(RevocationList list, VerificationSettings settings, bool allowExpired = false)
    {
        if (settings.SkipsValidity)
        {
            return VerifyCode.Ok;
        }

        if (list.ThisUpdate.StrictSeconds is not { } from)
        {
            return VerifyCode.ErrorInCrlLastUpdate;
        }

        long now = settings.Time.ToUnixTimeSeconds();
        if (from > now)
        {
            return VerifyCode.CrlNotYetValid;
        }

        if (list.NextUpdate is not { } next)
        {
            return VerifyCode.Ok;
        }

        return next.StrictSeconds is not { } to ? VerifyCode.ErrorInCrlNextUpdate
            : to <= now && !allowExpired ? VerifyCode.CrlHasExpired
            : VerifyCode.Ok;
    }
}
