using System.Net.Security;
using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>Verifies the peer's certificate chain during the handshake.</summary>
internal static class PeerVerification
{
    /// <summary>Stores the peer's chain, leaf first, and verifies it according to the verify mode and the application's callback.</summary>
    public static void Check(HandshakeState state, Certificate[] sent)
    {
        state.PeerChain = sent;
        VerifyMode mode = state.Settings.Verification.Mode;
        bool asksApplication = state.Connection.AsksApplication;
        if (sent.Length == 0)
        {
            CheckMissing(state, state.IsServer && mode == VerifyMode.Required ? Missing(state) : null, isResumed: false);
            return;
        }

        if (mode == VerifyMode.None && !asksApplication)
        {
            return;
        }

        PeerCertificateValidation validation = Validate(state, sent, out VerificationResult result);
        state.VerifiedChain = mode == VerifyMode.None ? null : result.Chain;
        if (asksApplication)
        {
            ApplicationVerdict.Ask(state, validation);
            if (validation.Error is not null && mode != VerifyMode.None)
            {
                (state.VerifiedChain, state.IsVerdictOverruled) = (null, true);
            }
        }
        else if (validation.Error is { } error)
        {
            throw state.Fail(error);
        }
    }

    /// <summary>
    /// Asks the application's callback in a handshake in which the peer sends no certificate: a session is resumed, or a pre-shared key or an
    /// anonymous suite is used. A server asks only if it asks for certificates.
    /// </summary>
    /// <param name="state">The connection's state.</param>
    /// <param name="resumed">The session that is resumed; null for none.</param>
    public static void CheckWithoutCertificate(HandshakeState state, SessionState? resumed)
    {
        VerificationPolicy policy = state.Settings.Verification;
        if (!state.Connection.AsksApplication || (state.IsServer && policy.Mode == VerifyMode.None))
        {
            return;
        }

        if (resumed is not { PeerChain.Count: > 0 })
        {
            if (!(state.IsServer && state.Version == ProtocolVersion.TLSv13 && policy.AsksAfterHandshake))
            {
                CheckMissing(state, error: null, resumed is not null);
            }

            return;
        }

        // The engine has verified the session's certificate when it was sent, except where it verifies none.
        PeerCertificateValidation validation = policy.Mode == VerifyMode.None
            ? Validate(state, [.. resumed.PeerChain], out _, isResumed: true)
            : new PeerCertificateValidation(resumed.PeerChain, resumed.VerifiedChain ?? [], error: null, SslPolicyErrors.None, isResumed: true);
        ApplicationVerdict.Ask(state, validation);
    }

    /// <summary>Builds the chain on a client that did not verify it, even an invalid one; null if it was verified or no certificate was sent.</summary>
    public static IReadOnlyList<Certificate>? Build(HandshakeState state)
        => state.IsServer || state.Settings.Verification.Mode != VerifyMode.None || state.PeerChain.Count == 0 ? null
            : ChainVerifier.Verify(state.PeerChain[0], [.. state.PeerChain.Skip(1)], Settings(state)).Chain;

    private static void CheckMissing(HandshakeState state, TlsError? error, bool isResumed)
    {
        if (state.Connection.AsksApplication)
        {
            // As in SslStream, a certificate that need not be there is not missed.
            bool isMissed = !state.IsServer || state.Settings.Verification.Mode == VerifyMode.Required;
            ApplicationVerdict.Ask(state, new PeerCertificateValidation([], [], error, isMissed ? SslPolicyErrors.RemoteCertificateNotAvailable : SslPolicyErrors.None, isResumed));
        }
        else if (error is not null)
        {
            throw state.Fail(error);
        }
    }

    private static TlsError Missing(HandshakeState state)
    {
        AlertDescription alert = state.Version == ProtocolVersion.TLSv13 ? AlertDescription.certificate_required : AlertDescription.handshake_failure;
        return TlsError.Ssl("SSL", "PEER_DID_NOT_RETURN_A_CERTIFICATE", (byte)alert);
    }

    private static PeerCertificateValidation Validate(HandshakeState state, Certificate[] sent, out VerificationResult result, bool isResumed = false)
    {
        VerificationSettings settings = Settings(state);
        VerificationResult found = result = ChainVerifier.Verify(sent[0], sent[1..], settings);
        TlsError? error = found.Code == VerifyCode.Ok ? null : TlsError.CertificateVerification(found.Code, found.Message, found.Alert)
            .WithExplanation(new VerificationExplanation(found, sent, settings).Describe);
        SslPolicyErrors policyErrors = error is not null && state.Connection.AsksApplication ? PolicyErrors(found.Code, sent, settings) : SslPolicyErrors.None;
        return new PeerCertificateValidation(sent, found.Chain, error, policyErrors, isResumed);
    }

    /// <summary>The verifier stops at the first fault; whether name and chain are right is found out for each by itself.</summary>
    private static SslPolicyErrors PolicyErrors(int code, Certificate[] sent, VerificationSettings settings)
    {
        bool isOfName = code is VerifyCode.HostnameMismatch or VerifyCode.IpAddressMismatch;
        bool isWrongName = isOfName || IdentityCheck.Check(sent[0], settings) is not null;
        bool isWrongChain = !isOfName || ChainVerifier.Verify(sent[0], sent[1..], settings with { HostName = null }).Code != VerifyCode.Ok;
        return (isWrongName ? SslPolicyErrors.RemoteCertificateNameMismatch : 0) | (isWrongChain ? SslPolicyErrors.RemoteCertificateChainErrors : 0);
    }

    /// <summary>Whether a certificate is for the name that this connection demands of its peer, if it demands one.</summary>
    public static bool IsOfDemandedName(HandshakeState state, Certificate leaf) => IdentityCheck.Check(leaf, Settings(state)) is null;

    private static VerificationSettings Settings(HandshakeState state)
    {
        TlsContext context = state.Context;
        VerificationPolicy policy = state.Settings.Verification;
        return new VerificationSettings
        {
            Store = context.Trust,
            Flags = policy.Flags,
            SecurityLevel = state.Settings.Credentials.SecurityLevel,
            Purpose = state.IsServer ? Purpose.ClientAuth : Purpose.ServerAuth,
            HostName = policy.ChecksName ? state.ServerHostname : null,
            HostFlags = policy.NameFlags,
            Now = context.Time.GetUtcNow(),
        };
    }
}
