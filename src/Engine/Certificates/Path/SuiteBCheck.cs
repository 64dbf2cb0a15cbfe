using SslModule.Engine.Errors;
using SslModule.Engine.Oids;
namespace SslModule.Engine.Certificates;

/// <summary>Suite B (RFC 6460): allows only P-256 with SHA-256 and P-384 with SHA-384, according to the flags.</summary>
internal static class SuiteBCheck
{
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    private const string EcdsaWithSha384 = "1.2.840.10045.4.3.3";

    /// <summary>The first certificate whose key or signature is not allowed; null when there is none or the check is disabled.</summary>
    public static Failure? Check(CertificatePath path)
    {
        VerifyFlags asked = path.Settings.Flags & VerifyFlags.SuiteB128;
        if (asked == VerifyFlags.None)
        {
            return null;
        }

        // Check the leaf's key, then each signature with its issuer's key, and last the root's own signature.
        VerifyFlags allowed = asked;
        for (int signed = -1; signed < path.Count; signed++)
        {
            int signer = Math.Min(signed + 1, path.Count - 1);
            if (path.Chain[signer].Version != 3)
            {
                return new Failure(VerifyCode.SuiteBInvalidVersion, signer);
            }

            int code = Check(path.Chain[signer], signed < 0 ? null : path.Chain[signed].SignatureAlgorithm, ref allowed);
            if (code != VerifyCode.Ok)
            {
                bool isAboutKey = signed < 0 || code is VerifyCode.SuiteBInvalidAlgorithm or VerifyCode.SuiteBInvalidCurve;
                bool isStep = code == VerifyCode.SuiteBLevelNotAllowed && allowed != asked;
                return new Failure(isStep ? VerifyCode.SuiteBCannotSignP384WithP256 : code, isAboutKey ? signer : signed);
            }
        }

        return null;
    }

    /// <summary>Checks a CRL: X509_V_OK or the code of the failure.</summary>
    public static int Check(Certificate issuer, RevocationList list, VerificationSettings settings)
    {
        VerifyFlags allowed = settings.Flags & VerifyFlags.SuiteB128;
        return allowed == VerifyFlags.None ? VerifyCode.Ok : Check(issuer, list.SignatureAlgorithm, ref allowed);
    }

    private static int Check(Certificate signer, AlgorithmIdentifier? signature, ref VerifyFlags allowed)
    {
        if (signer.ReadableKey is not { Kind: KeyKind.Ec } key)
        {
            return VerifyCode.SuiteBInvalidAlgorithm;
        }

        (VerifyFlags level, string algorithm) = key.CurveOid switch
        {
            KnownOids.P256 => (VerifyFlags.SuiteB128Only, EcdsaWithSha256),
            KnownOids.P384 => (VerifyFlags.SuiteB192, EcdsaWithSha384),
            _ => (VerifyFlags.None, ""),
        };
        if (level == VerifyFlags.None)
        {
            return VerifyCode.SuiteBInvalidCurve;
        }

        if (signature is not null && signature.Oid != algorithm)
        {
            return VerifyCode.SuiteBInvalidSignatureAlgorithm;
        }

        if ((allowed & level) == 0)
        {
            return VerifyCode.SuiteBLevelNotAllowed;
        }

        // A P-384 key must be certified by a P-384 key.
        if (level == VerifyFlags.SuiteB192)
        {
            allowed &= ~VerifyFlags.SuiteB128Only;
        }

        return VerifyCode.Ok;
    }
}
