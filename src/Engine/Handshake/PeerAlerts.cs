using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>Handles the peer's alerts (RFC 8446 section 6, RFC 5246 section 7.2).</summary>
internal sealed class PeerAlerts(HandshakeState state)
{
    // OpenSSL's MAX_WARN_ALERT_COUNT: the fifth consecutive warning ends the connection.
    private const int TooManyWarnings = 5;

    private int _warnings;

    /// <summary>True once close_notify was received.</summary>
    public bool Closed { get; private set; }

    /// <summary>A record other than an alert was received, with content: empty ones could else be sent between warnings without end.</summary>
    public void OtherReceived() => _warnings = 0;

    /// <summary>Processes an alert.</summary>
    /// <returns>True if the connection continues; false if the alert ends it.</returns>
    public bool Tolerates(AlertLevel level, AlertDescription description)
    {
        bool tls13 = state.Version == ProtocolVersion.TLSv13;
        if (!tls13 && level is not (AlertLevel.warning or AlertLevel.fatal))
        {
            throw state.Fail(TlsError.Ssl("SSL", "UNKNOWN_ALERT_TYPE", (byte)AlertDescription.illegal_parameter));
        }

        if (description == AlertDescription.close_notify && (tls13 || level == AlertLevel.warning))
        {
            Closed = true;
            return true;
        }

        // TLS 1.3 ignores the level: every alert but these two ends the connection.
        if (tls13 ? description != AlertDescription.user_canceled : level == AlertLevel.fatal)
        {
            return false;
        }

        if (state.IsRenegotiating && description == AlertDescription.no_renegotiation)
        {
            // The peer requested the renegotiation and then rejected it.
            throw state.Fail("NO_RENEGOTIATION", AlertDescription.handshake_failure);
        }

        if (++_warnings >= TooManyWarnings)
        {
            throw state.Fail(TlsError.Ssl("SSL", "TOO_MANY_WARN_ALERTS", (byte)AlertDescription.unexpected_message));
        }

        return true;
    }

    /// <summary>Processes the two bytes of an alert record received after the handshake.</summary>
    public void Receive(ReadOnlySpan<byte> fragment)
    {
        if (!Tolerates((AlertLevel)fragment[0], (AlertDescription)fragment[1]))
        {
            throw new AlertReceivedException((AlertDescription)fragment[1]);
        }
    }
}
