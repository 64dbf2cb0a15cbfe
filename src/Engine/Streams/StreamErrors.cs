using System.Security.Authentication;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Streams;

/// <summary>The engine's failures as the exceptions that users of <see cref="System.Net.Security.SslStream"/> catch; the <see cref="TlsError"/> is inside.</summary>
internal static class StreamErrors
{
    /// <summary>A handshake that came to nothing: the peer went away, or the two ends found no agreement.</summary>
    public static Exception OfHandshake(TlsError error) => error.Kind switch
    {
        TlsErrorKind.Eof => new IOException("The stream ended during the TLS handshake.", error),
        TlsErrorKind.ZeroReturn => new IOException("The peer closed the TLS connection during the handshake.", error),
        TlsErrorKind.System => new IOException(Text(error), error),
        _ => new AuthenticationException($"The TLS handshake failed: {Text(error)}", error),
    };

    /// <summary>A connection that failed after its handshake.</summary>
    public static IOException OfTransfer(TlsError error) => error.Kind == TlsErrorKind.Eof
        ? new IOException("The stream ended without the peer's close_notify: what was read may have been cut short.", error)
        : new IOException($"The TLS connection failed: {Text(error)}", error);

    /// <summary>A connection that cannot be made from what the caller gave.</summary>
    public static ArgumentException OfArguments(TlsError error, string parameter) => new(Text(error), parameter, error);

    /// <summary>What to throw instead of what the stream below threw; null to let that through.</summary>
    public static Exception? OfInnerStream(Exception thrown, bool isDisposed, CancellationToken cancellationToken) => thrown switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,

        // Whoever disposes of a stream that is in use ends that use; how the stream below words it is of no interest.
        _ when isDisposed => new ObjectDisposedException(typeof(TlsStream).FullName, thrown),
        IOException => null,
        _ => new IOException("The stream below the TLS connection failed.", thrown),
    };

    private static string Text(TlsError error) => error.VerifyMessage is null ? error.Message : $"{error.Message}: {error.VerifyMessage}";
}
