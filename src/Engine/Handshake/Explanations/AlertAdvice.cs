using SslModule.Engine.Certificates;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>What is known on this end when an alert arrives.</summary>
/// <param name="IsServer">True on a server.</param>
/// <param name="ServerName">On a client: the name it has sent.</param>
/// <param name="HasCertificates">True if the context has certificates.</param>
/// <param name="SentCertificate">The certificate that this end has sent; null for none.</param>
/// <param name="Protocols">On a client: the ALPN protocols it has offered.</param>
internal sealed record AlertFacts(bool IsServer, string? ServerName, bool HasCertificates, Certificate? SentCertificate, IReadOnlyList<byte[]> Protocols)
{
    /// <summary>The facts of a connection.</summary>
    public static AlertFacts Of(HandshakeState state)
        => new(state.IsServer, state.ServerHostname, state.Settings.Credentials.Keys.Length > 0, state.LocalCertificate, state.Settings.OfferedProtocols);
}

/// <summary>What a received alert means, and what would help (RFC 8446 section 6.2).</summary>
internal static class AlertAdvice
{
    /// <summary>What the peer says with an alert.</summary>
    public static string Meaning(AlertDescription alert, bool isServer) => alert switch
    {
        AlertDescription.handshake_failure => "it finds nothing in what it was offered that it could use",
        AlertDescription.protocol_version => "it speaks none of the offered versions",
        AlertDescription.insufficient_security => "it wants stronger ciphers than those offered",
        AlertDescription.bad_certificate => "it does not accept this end's certificate",
        AlertDescription.unsupported_certificate => "it cannot use this end's certificate, or not for this purpose",
        AlertDescription.certificate_revoked => "this end's certificate was revoked",
        AlertDescription.certificate_expired => "this end's certificate has expired or is not valid yet",
        AlertDescription.certificate_unknown => "it does not accept this end's certificate, for a reason it does not give",
        AlertDescription.unknown_ca => "it trusts no authority that has issued this end's certificate",
        AlertDescription.access_denied => "it knows this end's certificate and refuses it access",
        AlertDescription.certificate_required => "it wants a client certificate and got none",
        AlertDescription.unrecognized_name => "it does not serve the name that it was asked for",
        AlertDescription.no_application_protocol => "it speaks none of the offered application protocols (ALPN)",
        AlertDescription.unknown_psk_identity => "it does not know the identity of the pre-shared key",
        AlertDescription.decrypt_error => "a signature or the Finished message of this end does not fit: the key of a certificate or pre-shared key is another than it expects",
        AlertDescription.bad_record_mac => "it could not decrypt a record: the bytes were changed on their way, or keys differ",
        AlertDescription.inappropriate_fallback => "the version was lowered although it could use a newer one",
        AlertDescription.user_canceled => "it gave up for a reason outside of TLS",
        AlertDescription.internal_error => "something outside of the protocol has failed there",
        AlertDescription.missing_extension or AlertDescription.unsupported_extension or AlertDescription.illegal_parameter
            or AlertDescription.decode_error or AlertDescription.unexpected_message or AlertDescription.record_overflow => "it takes a message of this end for wrong",
        _ => isServer ? "the client refuses to go on" : "the server refuses to go on",
    };

    /// <summary>What would help; null when this end knows nothing that would.</summary>
    public static string? Help(AlertDescription alert, AlertFacts facts) => alert switch
    {
        AlertDescription.unrecognized_name => $"pass a name that the server has as server_hostname; it was {(facts.ServerName is { } name ? $"'{ExplanationText.Printable(name)}'" : "not given")}",
        AlertDescription.certificate_required => NoCertificate(facts),
        AlertDescription.handshake_failure when !facts.IsServer && facts.SentCertificate is null && !facts.HasCertificates
            => "offer more: set_ciphers(), minimum_version, set_groups(); a server before TLS 1.3 says the same when it wants a client certificate: load_cert_chain()",
        AlertDescription.handshake_failure or AlertDescription.insufficient_security => "compare with what the peer's settings allow; its log may name what it wants",
        AlertDescription.protocol_version when !facts.IsServer => "an old server: lower minimum_version, and below TLSv1.2 the security level too, set_ciphers('DEFAULT@SECLEVEL=0'); a new one: leave maximum_version alone",
        AlertDescription.no_application_protocol when !facts.IsServer => $"set_alpn_protocols() with one of the server's; this client offered {ExplanationText.List(facts.Protocols.Select(Protocol))}",
        AlertDescription.unknown_ca or AlertDescription.certificate_unknown or AlertDescription.bad_certificate or AlertDescription.certificate_expired
            or AlertDescription.certificate_revoked or AlertDescription.unsupported_certificate or AlertDescription.access_denied => Refused(alert, facts),
        AlertDescription.internal_error or AlertDescription.user_canceled => "its log may say more",
        _ => null,
    };

    private static string NoCertificate(AlertFacts facts) => facts.HasCertificates
        ? "this context has a certificate, and did not send it: no authority that the server names has issued it, or its key does not go with the server's signature algorithms"
        : "load_cert_chain() with the certificate and key that the server expects: this context has none";

    private static string? Refused(AlertDescription alert, AlertFacts facts)
    {
        if (facts.SentCertificate is not { } sent)
        {
            return facts.IsServer ? null : NoCertificate(facts);
        }

        string certificate = $"this end sent {ExplanationText.Name(sent.Subject)}, issued by {ExplanationText.Name(sent.Issuer)}, {ExplanationText.Validity(sent)}";
        return alert switch
        {
            AlertDescription.certificate_expired => $"{certificate}: renew it, unless the peer's clock is wrong",
            AlertDescription.certificate_revoked => $"{certificate}: replace it",
            AlertDescription.unsupported_certificate => $"{certificate}: it has to be issued for {(facts.IsServer ? "servers" : "clients")}",
            AlertDescription.access_denied => certificate,
            AlertDescription.bad_certificate or AlertDescription.certificate_unknown => $"{certificate}: the peer's own message tells why, for example a name, a date or a weak key",
            _ => $"{certificate}: let the peer trust the root above it, and send the intermediates, which belong into the file for load_cert_chain() after the certificate",
        };
    }

    private static string Protocol(byte[] protocol) => $"'{ExplanationText.Printable(System.Text.Encoding.Latin1.GetString(protocol))}'";
}
