using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;
using static SslModule.Engine.Handshake.OfferText;

namespace SslModule.Engine.Handshake;

/// <summary>Explains failures of the protocol that users meet: what happened, which end found it, what each offered, what would help.</summary>
internal static class ProtocolExplanation
{
    private const int GreetingLength = 80;

    /// <summary>Adds an explanation to an error where there is something to say.</summary>
    /// <param name="error">The error.</param>
    /// <param name="state">The connection's state.</param>
    /// <param name="received">The alert that the peer has sent; null where this end found the fault.</param>
    /// <param name="input">What was received and not yet processed.</param>
    public static void Add(TlsError error, HandshakeState state, AlertDescription? received, ReadOnlySpan<byte> input)
    {
        if (error.Kind == TlsErrorKind.CertificateVerification)
        {
            return;
        }

        if (state.Records.Headers.IsNotTls)
        {
            byte[] greeting = input[..Math.Min(input.Length, GreetingLength)].ToArray();
            bool isServer = state.IsServer;
            bool wasTls = state.IsComplete;
            error.WithExplanation(() => wasTls ? NoLongerTls(greeting, isServer) : NotTls(greeting, isServer));
        }
        else if (received is { } alert)
        {
            ReceivedAlert(error, state, alert);
        }
        else if (error.Kind == TlsErrorKind.Eof)
        {
            Ended(error, state);
        }
        else if (error.Kind == TlsErrorKind.Ssl && error.Reason is { } reason)
        {
            Found(error, reason, state);
        }
    }

    private static string NotTls(byte[] greeting, bool isServer)
    {
        (string protocol, string? help) = PeerGreeting.Recognize(greeting, isServer);
        return new ExplanationText()
            .Line("what happened", $"the {(isServer ? "client" : "server")} does not speak TLS: its first bytes are '{PeerGreeting.FirstLine(greeting)}', which is {protocol}")
            .Line("what would help", help)
            .ToString();
    }

    private static string NoLongerTls(byte[] text, bool isServer) => new ExplanationText()
        .Line("what happened", $"in the place of a TLS record came '{PeerGreeting.FirstLine(text)}'")
        .Line("what would help", $"look at the {(isServer ? "client" : "server")}: it has gone over to plain text, or two writers share its socket")
        .ToString();

    private static void ReceivedAlert(TlsError error, HandshakeState state, AlertDescription alert)
    {
        bool isServer = state.IsServer;
        bool isEarly = !state.IsComplete && state.Version == 0;
        OfferText? offered = isEarly && !isServer && OffersOf(alert) != 0 ? OfThisEnd(state) : null;
        AlertFacts facts = AlertFacts.Of(state);
        error.WithExplanation(() => new ExplanationText()
            .Line("what happened", $"the {(isServer ? "client" : "server")} has sent the alert {alert} ({ExplanationText.Number((int)alert)}): {AlertAdvice.Meaning(alert, isServer)}")
            .Line("this client offered", offered?.Describe(OffersOf(alert)))
            .Line("what would help", AlertAdvice.Help(alert, facts))
            .ToString());
    }

    private static Parts OffersOf(AlertDescription alert) => alert switch
    {
        AlertDescription.handshake_failure or AlertDescription.insufficient_security or AlertDescription.illegal_parameter or AlertDescription.internal_error => Parts.All,
        AlertDescription.protocol_version or AlertDescription.inappropriate_fallback => Parts.Versions,
        _ => 0,
    };

    private static void Ended(TlsError error, HandshakeState state)
    {
        if (state.IsComplete)
        {
            return;
        }

        bool isServer = state.IsServer;
        bool isSilent = state.Version == 0 && state.ClientHello is null;
        string peer = isServer ? "client" : "server";
        error.WithExplanation(() => new ExplanationText()
            .Line("what happened", $"the {peer} has closed the connection in the handshake without an alert{(isSilent ? $", before it sent anything" : "")}")
            .Line("what would help", isServer
                ? isSilent ? "nothing, if it was a probe that only looks whether the port is open" : "the client may not have accepted this server's certificate: what it says of it helps"
                : isSilent ? "look whether the port is that of a TLS server, and whether a firewall or proxy between closes connections to it; an old server may close on a newer version's offer: maximum_version"
                : "the server's log may say why; some servers close so when they want a client certificate: load_cert_chain()")
            .ToString());
    }

    // What this end has found. Errors about damaged messages have nothing to add to their names.
    private static void Found(TlsError error, string reason, HandshakeState state)
    {
        if (Explain(reason, state) is not { } found)
        {
            return;
        }

        // The lists are taken now, as the context may change, and put into words later.
        bool isServer = state.IsServer;
        OfferText? own = found.Parts != 0 ? OfThisEnd(state) : null;
        OfferText? peers = isServer && state.ClientHello is { } hello ? Of(hello) : null;
        error.WithExplanation(() => new ExplanationText()
            .Line("what happened", found.What)
            .Line(isServer ? "the client offered" : "this client offered", isServer ? peers?.Describe(found.Parts) : own?.Describe(found.Parts))
            .Line("this server accepts", isServer ? own?.Describe(found.Parts) : null)
            .Line("what would help", found.Help)
            .ToString());
    }

    private static OfferText? OfThisEnd(HandshakeState state)
    {
        try
        {
            return Own(state);
        }
        catch (TlsError)
        {
            // A context that a callback has set may have no versions or suites, which is not what has failed here.
            return null;
        }
    }

    private static Finding? Explain(string reason, HandshakeState state) => reason switch
    {
        "UNSUPPORTED_PROTOCOL" when !state.IsServer && state.SelectedVersion != 0 => new(
            $"the server has chosen {VersionName(state.SelectedVersion)}, which this client did not offer",
            Parts.Versions,
            "update the server; or lower minimum_version, and below TLSv1.2 the security level too: set_ciphers('DEFAULT@SECLEVEL=0')"),
        "UNSUPPORTED_PROTOCOL" or "WRONG_SSL_VERSION" or "VERSION_TOO_LOW" when state is { IsServer: true, ClientHello: not null } => new(
            "client and server have no version in common; this server has sent the alert protocol_version (70)",
            Parts.Versions,
            "update the client; or lower this server's minimum_version, and below TLSv1.2 the security level too: set_ciphers('DEFAULT@SECLEVEL=0')"),
        "NO_SHARED_CIPHER" when state is { IsServer: true, Settings.Credentials.Keys.Length: 0, Settings.MayHaveServerPsk: false } => new(
            "this server has no certificate, and no cipher in common with the client does without; it has sent the alert handshake_failure (40)",
            0,
            "load_cert_chain()"),
        "NO_SHARED_CIPHER" when state.IsServer => new(
            "client and server have no cipher in common that goes with this server's certificates; this server has sent the alert handshake_failure (40)",
            Parts.Versions | Parts.Suites | Parts.Groups | Parts.Schemes,
            "set_ciphers() and set_ciphersuites() on either end; before TLS 1.3 a cipher also names the kind of the server's key (ECDSA or RSA)"),
        "NO_SUITABLE_KEY_SHARE" or "NO_SUITABLE_GROUPS" => new(
            "client and server have no group in common to agree on keys in",
            Parts.Groups,
            "set_groups() or set_ecdh_curve() on either end"),
        "NO_SHARED_SIGNATURE_ALGORITHMS" or "NO_SUITABLE_SIGNATURE_ALGORITHM" => new(
            "no signature algorithm that the peer accepts goes with this end's keys",
            Parts.Schemes,
            "a certificate with a key of another kind, or other signature algorithms on either end"),
        "NO_PROTOCOLS_AVAILABLE" => new(
            "this context has no version left", 0, "compare minimum_version, maximum_version and the options OP_NO_TLSv1_2, OP_NO_TLSv1_3 of the context"),
        "NO_CIPHERS_AVAILABLE" => new(
            "no cipher of this context goes with its versions and its security level", 0, "compare set_ciphers() with minimum_version and maximum_version; versions before TLSv1.2 want '@SECLEVEL=0'"),
        "INAPPROPRIATE_FALLBACK" => new(
            state.IsServer ? "the client has come back with an older version than it could use (TLS_FALLBACK_SCSV), after another attempt had failed"
                : "the server says that it would have used a newer version: somebody between has made it use an older one",
            Parts.Versions,
            "look for a proxy or firewall between that changes or drops handshakes"),
        "UNSAFE_LEGACY_RENEGOTIATION_DISABLED" => new(
            "the peer does not know secure renegotiation (RFC 5746), so that somebody between could put bytes before this connection's",
            0,
            state.IsServer ? "update the client" : "update the server; or set the option OP_LEGACY_SERVER_CONNECT (0x4) for this server alone"),
        "DH_KEY_TOO_SMALL" => new(
            $"the server's Diffie-Hellman parameters are too small for security level {ExplanationText.Number(state.Settings.Credentials.SecurityLevel)}",
            0,
            "update the server; or leave such ciphers out, set_ciphers('DEFAULT:!DHE'), or lower the security level, set_ciphers('DEFAULT@SECLEVEL=1')"),
        "PEER_DID_NOT_RETURN_A_CERTIFICATE" => new(
            "the client has no certificate to send, and this server's verify_mode is CERT_REQUIRED", 0, "load_cert_chain() on the client; it also sends none if no authority that the server names has issued it"),
        _ => null,
    };

    /// <summary>What this end has found.</summary>
    /// <param name="What">What happened.</param>
    /// <param name="Parts">The lists that tell more.</param>
    /// <param name="Help">What would help.</param>
    private sealed record Finding(string What, Parts Parts, string Help);
}
