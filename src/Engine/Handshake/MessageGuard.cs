using Org.BouncyCastle.Tls;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Handshake;

/// <summary>
/// Stands around BouncyCastle's reading of a handshake message: what it throws at bytes that end too early becomes the alert
/// that RFC 8446 section 6.2 names, in place of internal_error.
/// </summary>
internal static class MessageGuard
{
    /// <summary>Has <paramref name="protocol"/> read a message of <paramref name="type"/>.</summary>
    public static void Read(HandshakeState state, IEngineProtocol protocol, short type, HandshakeMessageInput message)
    {
        state.Handling = type;
        PeerSignature.Note(state, type, message);
        try
        {
            protocol.ReadGuarded(type, message);
        }
        catch (EndOfStreamException)
        {
            string reason = type == HandshakeType.finished ? "BAD_DIGEST_LENGTH" : "LENGTH_MISMATCH";
            throw state.Fail(TlsError.Ssl("SSL", reason, (byte)AlertDescription.decode_error));
        }
        catch (TlsFatalAlert alert) when (type == HandshakeType.finished && state.Failure is null && FinishedReason(alert.AlertDescription) is { } reason)
        {
            throw state.Fail(TlsError.Ssl("SSL", reason, (byte)alert.AlertDescription));
        }
        catch (TlsFatalAlert alert) when (type == HandshakeType.certificate && state.IsServer && state.Failure is null
            && alert is { AlertDescription: AlertDescription.bad_certificate, InnerException: TlsError })
        {
            // OpenSSL's servers call a certificate that is none a message that cannot be decoded; its clients call it a bad certificate.
            throw new TlsFatalAlert(AlertDescription.decode_error, alert.InnerException);
        }
        catch (TlsError error) when (type == HandshakeType.certificate)
        {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, error);
        }

        state.Handling = -1;
        state.Records.Framing.Delivered(type);
    }

    /// <summary>What is left of a message, without taking it.</summary>
    public static ReadOnlyMemory<byte> Body(MemoryStream message)
        => message.TryGetBuffer(out ArraySegment<byte> whole) ? whole.AsMemory((int)message.Position) : message.ToArray().AsMemory((int)message.Position);

    private static string? FinishedReason(short alert) => alert switch
    {
        AlertDescription.decrypt_error => "DIGEST_CHECK_FAILED",
        AlertDescription.decode_error => "BAD_DIGEST_LENGTH",
        _ => null,
    };
}
