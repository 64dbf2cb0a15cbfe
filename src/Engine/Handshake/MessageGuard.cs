using Org.BouncyCastle.Tls;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using HandshakeType = SslModule.Engine.Wire.HandshakeType;
using ProtocolVersion = SslModule.Engine.Wire.ProtocolVersion;

namespace SslModule.Engine.Handshake;

/// <summary>
/// Stands around BouncyCastle's reading of a handshake message: what it throws at bytes that are no such message becomes the
/// alert that RFC 8446 section 6.2 names, in place of internal_error.
/// </summary>
internal static class MessageGuard
{
    /// <summary>Has <paramref name="protocol"/> read a message of <paramref name="type"/>.</summary>
    public static void Read(HandshakeState state, IEngineProtocol protocol, HandshakeType type, HandshakeMessageInput message)
    {
        state.Handling = type;
        long start = message.Position;
        PeerSignature.Note(state, type, message);
        try
        {
            protocol.ReadGuarded(type, message);
        }
        catch (EndOfStreamException exception)
        {
            string reason = Reason(state, type, message, start, AlertDescription.decode_error) ?? "LENGTH_MISMATCH";
            throw state.Fail(TlsError.Ssl("SSL", reason, (byte)AlertDescription.decode_error, exception));
        }
        catch (Exception exception) when (IsOfBytes(exception) && state.Failure is null)
        {
            // The names in a CertificateRequest are DER; so is a staple.
            throw state.Fail(type is HandshakeType.certificate_request or HandshakeType.certificate_status
                ? TlsError.LibraryOnly("SSL", "ASN1 lib", (byte)AlertDescription.decode_error, exception)
                : TlsError.Ssl("SSL", "LENGTH_MISMATCH", (byte)AlertDescription.decode_error, exception));
        }
        catch (Exception exception) when (type == HandshakeType.certificate && state.IsServer && state.Failure is null
            && BouncyCastleTypes.ToEngine(exception) is FatalAlertException { Alert: AlertDescription.bad_certificate, InnerException: TlsError malformed })
        {
            // OpenSSL's servers call a certificate that is none a message that cannot be decoded; its clients call it a bad certificate.
            throw new FatalAlertException(AlertDescription.decode_error, malformed);
        }
        catch (TlsError error) when (type == HandshakeType.certificate)
        {
            throw new FatalAlertException(AlertDescription.bad_certificate, error);
        }
        catch (Exception exception) when (state.Failure is null && BouncyCastleTypes.ToEngine(exception) is FatalAlertException fatal
            && Reason(state, type, message, start, fatal.Alert) is { } reason)
        {
            throw state.Fail(TlsError.Ssl("SSL", reason, (byte)fatal.Alert, fatal));
        }

        state.Handling = null;
        state.Records.Framing.Delivered(type);
    }

    /// <summary>What is left of a message, without taking it.</summary>
    public static ReadOnlyMemory<byte> Body(MemoryStream message) => Body(message, message.Position);

    private static ReadOnlyMemory<byte> Body(MemoryStream message, long start)
        => message.TryGetBuffer(out ArraySegment<byte> whole) ? whole.AsMemory((int)start) : message.ToArray().AsMemory((int)start);

    // What BouncyCastle's readers throw besides the end of the stream. Its alerts are IOExceptions too.
    private static bool IsOfBytes(Exception exception) => exception is not (TlsException or FatalAlertException)
        and (IOException or ArgumentException or InvalidOperationException or FormatException or ArithmeticException or IndexOutOfRangeException or InvalidCastException);

    // OpenSSL's names of what BouncyCastle has found, where they say more than the alert does.
    private static string? Reason(HandshakeState state, HandshakeType type, MemoryStream message, long start, AlertDescription alert) => (type, alert) switch
    {
        (HandshakeType.finished, AlertDescription.decrypt_error) => "DIGEST_CHECK_FAILED",
        (HandshakeType.finished, AlertDescription.decode_error) => "BAD_DIGEST_LENGTH",
        (HandshakeType.certificate, AlertDescription.decode_error) when EndsInCertificate(Body(message, start)) => "CERT_LENGTH_MISMATCH",
        (HandshakeType.certificate_verify, AlertDescription.decode_error) when state.Version == ProtocolVersion.TLSv12 && Body(message, start).Length < 2 => "BAD_PACKET",
        (HandshakeType.certificate_verify, AlertDescription.illegal_parameter) => "WRONG_SIGNATURE_TYPE",
        _ => null,
    };

    /// <summary>Whether a list of certificates is as long as its message says, but its last certificate is not.</summary>
    private static bool EndsInCertificate(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        if (!reader.TryVector(3, out ReadOnlyMemory<byte> list) || !reader.Rest.IsEmpty)
        {
            return false;
        }

        reader = new WireReader(list);
        while (reader.TryVector(3, out _))
        {
            // On to the next.
        }

        return !reader.Rest.IsEmpty;
    }
}
