using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>OpenSSL's reasons for received and sent alerts.</summary>
internal static class AlertErrors
{
    /// <summary>The error for a fatal alert from the peer.</summary>
    public static TlsError Received(AlertDescription alert) => TlsError.Ssl("SSL", alert switch
    {
        AlertDescription.unexpected_message => "SSLV3_ALERT_UNEXPECTED_MESSAGE",
        AlertDescription.bad_record_mac => "SSLV3_ALERT_BAD_RECORD_MAC",
        AlertDescription.decryption_failed => "TLSV1_ALERT_DECRYPTION_FAILED",
        AlertDescription.record_overflow => "TLSV1_ALERT_RECORD_OVERFLOW",
        AlertDescription.decompression_failure => "SSLV3_ALERT_DECOMPRESSION_FAILURE",
        AlertDescription.handshake_failure => "SSLV3_ALERT_HANDSHAKE_FAILURE",
        AlertDescription.no_certificate => "SSLV3_ALERT_NO_CERTIFICATE",
        AlertDescription.bad_certificate => "SSLV3_ALERT_BAD_CERTIFICATE",
        AlertDescription.unsupported_certificate => "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
        AlertDescription.certificate_revoked => "SSLV3_ALERT_CERTIFICATE_REVOKED",
        AlertDescription.certificate_expired => "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        AlertDescription.certificate_unknown => "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        AlertDescription.illegal_parameter => "SSLV3_ALERT_ILLEGAL_PARAMETER",
        AlertDescription.unknown_ca => "TLSV1_ALERT_UNKNOWN_CA",
        AlertDescription.access_denied => "TLSV1_ALERT_ACCESS_DENIED",
        AlertDescription.decode_error => "TLSV1_ALERT_DECODE_ERROR",
        AlertDescription.decrypt_error => "TLSV1_ALERT_DECRYPT_ERROR",
        AlertDescription.export_restriction => "TLSV1_ALERT_EXPORT_RESTRICTION",
        AlertDescription.protocol_version => "TLSV1_ALERT_PROTOCOL_VERSION",
        AlertDescription.insufficient_security => "TLSV1_ALERT_INSUFFICIENT_SECURITY",
        AlertDescription.internal_error => "TLSV1_ALERT_INTERNAL_ERROR",
        AlertDescription.inappropriate_fallback => "TLSV1_ALERT_INAPPROPRIATE_FALLBACK",
        AlertDescription.user_canceled => "TLSV1_ALERT_USER_CANCELLED",
        AlertDescription.no_renegotiation => "TLSV1_ALERT_NO_RENEGOTIATION",
        AlertDescription.missing_extension => "TLSV13_ALERT_MISSING_EXTENSION",
        AlertDescription.unsupported_extension => "TLSV1_UNSUPPORTED_EXTENSION",
        AlertDescription.certificate_unobtainable => "TLSV1_CERTIFICATE_UNOBTAINABLE",
        AlertDescription.unrecognized_name => "TLSV1_UNRECOGNIZED_NAME",
        AlertDescription.bad_certificate_status_response => "TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE",
        AlertDescription.bad_certificate_hash_value => "TLSV1_BAD_CERTIFICATE_HASH_VALUE",
        AlertDescription.unknown_psk_identity => "TLSV1_ALERT_UNKNOWN_PSK_IDENTITY",
        AlertDescription.certificate_required => "TLSV13_ALERT_CERTIFICATE_REQUIRED",
        AlertDescription.no_application_protocol => "TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
        _ => "UNKNOWN_ALERT_TYPE",
    });

    /// <summary>The error for an alert that was raised without a reason.</summary>
    /// <param name="alert">The alert that is sent to the peer.</param>
    /// <param name="isServer">True on a server.</param>
    /// <param name="cause">The exception that was thrown.</param>
    public static TlsError Raised(AlertDescription alert, bool isServer, Exception cause) => TlsError.Ssl("SSL", Raised(alert, isServer), (byte)alert, cause);

    private static string Raised(AlertDescription alert, bool isServer) => alert switch
    {
        AlertDescription.unexpected_message => "UNEXPECTED_MESSAGE",
        AlertDescription.bad_record_mac => "DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
        AlertDescription.handshake_failure => isServer ? "NO_SHARED_CIPHER" : "UNABLE_TO_FIND_SSL_METHOD",
        AlertDescription.illegal_parameter => "BAD_EXTENSION",
        _ => "INTERNAL_ERROR",
    };
}
