using SslModule.Engine.Certificates;

namespace SslModule.Engine.Context;

/// <summary>What one end asks of the other's certificate.</summary>
/// <param name="Mode">Whether a certificate is asked for and checked.</param>
/// <param name="Flags">What is checked of its chain beyond the usual, and what is let pass.</param>
/// <param name="ChecksName">On a client: whether the certificate must carry the server's name.</param>
/// <param name="NameFlags">How names are compared: X509_CHECK_FLAG bits.</param>
/// <param name="AsksAfterHandshake">On a server of TLS 1.3: whether the application asks after the handshake (RFC 8446 section 4.6.2) and the handshake does not.</param>
internal readonly record struct VerificationPolicy(VerifyMode Mode, VerifyFlags Flags, bool ChecksName, uint NameFlags, bool AsksAfterHandshake)
{
    private const VerifyFlags Checks = VerifyFlags.CrlCheck | VerifyFlags.CrlCheckAll | VerifyFlags.Strict | VerifyFlags.PolicyCheck
        | VerifyFlags.ExplicitPolicy | VerifyFlags.InhibitAny | VerifyFlags.InhibitMap | VerifyFlags.UseDeltas | VerifyFlags.CheckSelfSignedSignature;

    private const VerifyFlags Exemptions = VerifyFlags.IgnoreCritical | VerifyFlags.AllowProxyCertificates | VerifyFlags.PartialChain | VerifyFlags.NoCheckTime;

    private const uint NameChecks = HostNameFlags.NoWildcards | HostNameFlags.NoPartialWildcards
        | HostNameFlags.SingleLabelSubdomains | HostNameFlags.NeverCheckSubject;

    private bool Verifies => Mode != VerifyMode.None;

    /// <summary>What a context asks for now.</summary>
    public static VerificationPolicy Of(TlsContext context) => new(
        context.VerifyMode,
        (VerifyFlags)context.VerifyFlags,
        context.CheckHostname,
        (uint)context.HostFlags,
        context.PostHandshakeAuth);

    /// <summary>
    /// Both at once: what passes has passed either. Of two demands that verify nothing, and where <paramref name="other"/>
    /// verifies nothing, this one is the result.
    /// </summary>
    public VerificationPolicy And(VerificationPolicy other)
    {
        if (!other.Verifies)
        {
            return this;
        }

        // A demand that verifies nothing says by its exemptions nothing either.
        VerifyFlags exemptions = Verifies ? Flags & other.Flags & Exemptions : other.Flags & Exemptions;
        return new VerificationPolicy(
            (VerifyMode)Math.Max((int)Mode, (int)other.Mode),
            ((Flags | (other.Flags & Checks)) & ~(Exemptions | VerifyFlags.SuiteB128)) | exemptions | SuiteB(Flags, other.Flags),
            ChecksName || other.ChecksName,
            ChecksName && other.ChecksName ? Names(NameFlags, other.NameFlags) : other.ChecksName ? other.NameFlags : NameFlags,
            Verifies ? AsksAfterHandshake && other.AsksAfterHandshake : other.AsksAfterHandshake);
    }

    private static uint Names(uint one, uint other) => ((one | other) & NameChecks) | (one & other & ~NameChecks);

    // The flags of Suite B name the curves that are allowed, and none of them allows all.
    private static VerifyFlags SuiteB(VerifyFlags one, VerifyFlags other)
    {
        (one, other) = (one & VerifyFlags.SuiteB128, other & VerifyFlags.SuiteB128);
        return one == 0 ? other : other == 0 || (one & other) == 0 ? one : one & other;
    }
}
