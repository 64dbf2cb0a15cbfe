using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>What the peer's alerts mean (RFC 8446 section 6, RFC 5246 section 7.2).</summary>
internal sealed class PeerAlerts(HandshakeState state)
{
    // OpenSSL's MAX_WARN_ALERT_COUNT: the fifth in a row ends the connection.
    private const int TooManyWarnings = 5;

    private int _warnings;

    /// <summary>True once close_notify came.</summary>
    public bool Closed { get; private set; }

    /// <summary>Something else than an alert came.</summary>
    public void OtherReceived() => _warnings = 0;

    /// <summary>Takes an alert.</summary>
    /// <returns>True when the connection goes on; false when the alert ends it.</returns>
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

        // In TLS 1.3 the level says nothing: all but these two end the connection.
        if (tls13 ? description != AlertDescription.user_canceled : level == AlertLevel.fatal)
        {
            return false;
        }

        if (state.IsRenegotiating && description == AlertDescription.no_renegotiation)
        {
            // The peer has asked for it, and then refuses.
            throw state.Fail("NO_RENEGOTIATION", AlertDescription.handshake_failure);
        }

        if (++_warnings >= TooManyWarnings)
        {
            throw state.Fail(TlsError.Ssl("SSL", "TOO_MANY_WARN_ALERTS", (byte)AlertDescription.unexpected_message));
        }

        return true;
    }

    /// <summary>Takes the two bytes of an alert record that came after the handshake.</summary>
    public void Receive(ReadOnlySpan<byte> fragment)
    {
        if (!Tolerates((AlertLevel)fragment[0], (AlertDescription)fragment[1]))
        {
            throw new AlertReceivedException((AlertDescription)fragment[1]);
        }
    }
}
