using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>Verifies the peer's certificate chain during the handshake.</summary>
internal static class PeerVerification
{
    /// <summary>Stores the peer's chain, leaf first, and verifies it according to the verify mode.</summary>
    public static void Check(HandshakeState state, Certificate[] sent)
    {
        state.PeerChain = sent;
        VerifyMode mode = state.Settings.Verification.Mode;
        if (state.PeerChain.Count == 0)
        {
            if (state.IsServer && mode == VerifyMode.Required)
            {
                byte alert = state.Version == ProtocolVersion.TLSv13 ? (byte)AlertDescription.certificate_required : (byte)AlertDescription.handshake_failure;
                throw state.Fail(TlsError.Ssl("SSL", "PEER_DID_NOT_RETURN_A_CERTIFICATE", alert));
            }

            return;
        }

        if (mode == VerifyMode.None)
        {
            return;
        }

        VerificationSettings settings = Settings(state);
        VerificationResult result = ChainVerifier.Verify(state.PeerChain[0], sent[1..], settings);
        state.VerifiedChain = result.Chain;
        if (result.Code != 0)
        {
            throw state.Fail(TlsError.CertificateVerification(result.Code, result.Message, result.Alert)
                .WithExplanation(new VerificationExplanation(result, sent, settings).Describe));
        }
    }

    /// <summary>Builds the chain on a client that did not verify it, even an invalid one; null if it was verified or no certificate was sent.</summary>
    public static IReadOnlyList<Certificate>? Build(HandshakeState state)
        => state.IsServer || state.Settings.Verification.Mode != VerifyMode.None || state.PeerChain.Count == 0 ? null
            : ChainVerifier.Verify(state.PeerChain[0], [.. state.PeerChain.Skip(1)], Settings(state)).Chain;

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
            HostName = !state.IsServer && policy.ChecksName ? state.ServerHostname : null,
            HostFlags = policy.NameFlags,
            Now = context.Time.GetUtcNow(),
        };
    }
}
