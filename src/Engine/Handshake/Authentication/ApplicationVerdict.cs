using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Handshake;

/// <summary>Asks the application's callback whether it accepts the peer's certificate.</summary>
internal static class ApplicationVerdict
{
    /// <summary>Asks it.</summary>
    /// <exception cref="FatalAlertException">It refuses, or has thrown an exception.</exception>
    public static void Ask(HandshakeState state, PeerCertificateValidation validation)
    {
        Exception? thrown = null;
        try
        {
            if (state.Connection.AskApplication(validation))
            {
                return;
            }
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        if (validation.IsResumed)
        {
            // RFC 8446 section 6.2: after a fatal alert the session is forgotten.
            state.Session?.Invalidate();
        }

        throw state.Fail(thrown is null && validation.Error is { } error ? error : Refusal(state, validation, thrown));
    }

    private static TlsError Refusal(HandshakeState state, PeerCertificateValidation validation, Exception? thrown)
    {
        bool isServer = state.IsServer;
        Certificate? leaf = validation.Leaf;
        string? verdict = validation.Error is { } error ? error.VerifyMessage ?? error.Message : null;
        byte alert = leaf is null && isServer && state.Version == ProtocolVersion.TLSv13
            ? (byte)AlertDescription.certificate_required
            : VerifyMessages.Alert(VerifyCode.ApplicationVerification);
        return TlsError.CertificateVerification(VerifyCode.ApplicationVerification, VerifyMessages.Text(VerifyCode.ApplicationVerification), alert, thrown)
            .WithExplanation(() => Explain(isServer ? "client" : "server", leaf, verdict, thrown));
    }

    private static string Explain(string peer, Certificate? leaf, string? verdict, Exception? thrown) => new ExplanationText()
        .Line("certificate", leaf is null ? $"the {peer} has shown none" : $"the {peer}'s own; subject {ExplanationText.Name(leaf.Subject)}, issuer {ExplanationText.Name(leaf.Issuer)}, {ExplanationText.Validity(leaf)}")
        .Line("what happened", $"this application's RemoteCertificateValidationCallback {(thrown is null ? "refused it" : $"has thrown {thrown.GetType().Name}: {ExplanationText.Printable(thrown.Message)}")}")
        .Line("the engine's own verdict", verdict ?? (leaf is null ? "no certificate is needed" : "accepted"))
        .Line("what would help", thrown is null
            ? $"if this {peer} is the right one, look at what the callback compares: a pinned key or certificate may have been renewed"
            : "mend the callback: it must return true or false for every certificate, and for none")
        .ToString();
}
