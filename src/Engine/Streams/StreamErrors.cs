using System.Security.Authentication;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Streams;

/// <summary>Converts the engine's errors to the exceptions that users of <see cref="System.Net.Security.SslStream"/> catch, with the <see cref="TlsError"/> inside.</summary>
internal static class StreamErrors
{
    /// <summary>The exception for a failed handshake: the peer closed the stream, or the negotiation failed.</summary>
    public static Exception OfHandshake(TlsError error) => error.Kind switch
    {
        TlsErrorKind.Eof => new IOException("The stream ended during the TLS handshake.", error),
        TlsErrorKind.ZeroReturn => new IOException("The peer closed the TLS connection during the handshake.", error),
        TlsErrorKind.System => new IOException(Text(error), error),
        _ => new AuthenticationException($"The TLS handshake failed: {Text(error)}", error),
    };

    /// <summary>The exception for a failure after the handshake.</summary>
    public static IOException OfTransfer(TlsError error) => error.Kind == TlsErrorKind.Eof
        ? new IOException("The stream ended without the peer's close_notify: what was read may have been cut short.", error)
        : new IOException($"The TLS connection failed: {Text(error)}", error);

    /// <summary>The exception for invalid arguments.</summary>
    public static ArgumentException OfArguments(TlsError error, string parameter) => new(Text(error), parameter, error);

    /// <summary>Converts an exception of the inner stream; null if it should propagate unchanged.</summary>
    public static Exception? OfInnerStream(Exception thrown, bool isDisposed, CancellationToken cancellationToken) => thrown switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,

        // Disposing the stream during an operation ends it with ObjectDisposedException, whatever the inner stream throws.
        _ when isDisposed => new ObjectDisposedException(typeof(TlsStream).FullName, thrown),
        IOException => null,
        _ => new IOException("The stream below the TLS connection failed.", thrown),
    };

    private static string Text(TlsError error) => error.VerifyMessage is null ? error.Message : $"{error.Message}: {error.VerifyMessage}";
}
