using SslModule.Engine.Certificates;

namespace SslModule.Engine.Context;

/// <summary>How one end verifies the other's certificate.</summary>
/// <param name="Mode">Whether a certificate is requested and verified.</param>
/// <param name="Flags">Additional checks of the chain, and checks to skip.</param>
/// <param name="ChecksName">On a client: whether the certificate must match the server's name.</param>
/// <param name="NameFlags">How names are compared: X509_CHECK_FLAG bits.</param>
/// <param name="AsksAfterHandshake">On a TLS 1.3 server: whether the certificate is requested after the handshake (RFC 8446 section 4.6.2) instead of during it.</param>
internal readonly record struct VerificationPolicy(VerifyMode Mode, VerifyFlags Flags, bool ChecksName, uint NameFlags, bool AsksAfterHandshake)
{
    private const VerifyFlags Checks = VerifyFlags.CrlCheck | VerifyFlags.CrlCheckAll | VerifyFlags.Strict | VerifyFlags.PolicyCheck
        | VerifyFlags.ExplicitPolicy | VerifyFlags.InhibitAny | VerifyFlags.InhibitMap | VerifyFlags.UseDeltas | VerifyFlags.CheckSelfSignedSignature;

    private const VerifyFlags Exemptions = VerifyFlags.IgnoreCritical | VerifyFlags.AllowProxyCertificates | VerifyFlags.PartialChain | VerifyFlags.NoCheckTime;

    private const uint NameChecks = HostNameFlags.NoWildcards | HostNameFlags.NoPartialWildcards
        | HostNameFlags.SingleLabelSubdomains | HostNameFlags.NeverCheckSubject;

    private bool Verifies => Mode != VerifyMode.None;

    /// <summary>The current policy of a context.</summary>
    public static VerificationPolicy Of(TlsContext context) => new(
        context.VerifyMode,
        (VerifyFlags)context.VerifyFlags,
        context.CheckHostname,
        (uint)context.HostFlags,
        context.PostHandshakeAuth);

    /// <summary>
    /// Combines two policies so that a peer must satisfy both. A policy that does not verify has no effect on one that does; if
    /// neither verifies, this policy is returned.
    /// </summary>
    public VerificationPolicy And(VerificationPolicy other)
    {
        if (!other.Verifies)
        {
            return this;
        }

        // The exemptions of a policy that does not verify do not count.
        VerifyFlags exemptions = Verifies ? Flags & other.Flags & Exemptions : other.Flags & Exemptions;
        return new VerificationPolicy(
            (VerifyMode)Math.Max((int)Mode, (int)other.Mode),
            ((Flags | (other.Flags & Checks)) & ~(Exemptions | VerifyFlags.SuiteB128)) | exemptions | SuiteB(Flags, other.Flags),
            ChecksName || other.ChecksName,
            ChecksName && other.ChecksName ? Names(NameFlags, other.NameFlags) : other.ChecksName ? other.NameFlags : NameFlags,
            Verifies ? AsksAfterHandshake && other.AsksAfterHandshake : other.AsksAfterHandshake);
    }

    private static uint Names(uint one, uint other) => ((one | other) & NameChecks) | (one & other & ~NameChecks);

    // The Suite B flags list the allowed curves. No flag means that all curves are allowed.
    private static VerifyFlags SuiteB(VerifyFlags one, VerifyFlags other)
    {
        (one, other) = (one & VerifyFlags.SuiteB128, other & VerifyFlags.SuiteB128);
        return one == 0 ? other : other == 0 || (one & other) == 0 ? one : one & other;
    }
}
