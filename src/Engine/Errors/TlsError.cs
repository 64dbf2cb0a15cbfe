using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SslModule.Engine.Errors;

/// <summary>
/// A failure of the engine, described with OpenSSL's library and reason names so that a host needs no string matching
/// to raise the matching Python exception.
/// </summary>
public sealed class TlsError : Exception
{
    // ERR_R_PEM_LIB of err.h: the reason of a failure that has a library only.
    private const long PemLibrary = 524297;

    private TlsError(TlsErrorKind kind, string message, Exception? inner, int line)
        : base(message, inner)
    {
        Kind = kind;
        Line = line;
    }

    /// <summary>Which Python exception this is.</summary>
    public TlsErrorKind Kind { get; }

    /// <summary>OpenSSL's library name, such as <c>SSL</c>, <c>PEM</c> or <c>X509</c>; null where no library applies.</summary>
    public string? Library { get; private init; }

    /// <summary>OpenSSL's reason name, such as <c>CERTIFICATE_VERIFY_FAILED</c>; null where no reason applies.</summary>
    public string? Reason { get; private init; }

    /// <summary>True of a failure without a library that still has a number, 0.</summary>
    public bool IsNumbered { get; private init; }

    /// <summary>OpenSSL's X509_V_ERR code; 0 unless <see cref="Kind"/> is <see cref="TlsErrorKind.CertificateVerification"/>.</summary>
    public int VerifyCode { get; private init; }

    /// <summary>OpenSSL's text for <see cref="VerifyCode"/>, or the host-name mismatch in CPython's words.</summary>
    public string? VerifyMessage { get; private init; }

    /// <summary>The alert that the peer sees (RFC 8446 section 6); null when none is sent.</summary>
    public byte? Alert { get; private init; }

    /// <summary>The errno of a <see cref="TlsErrorKind.System"/> failure; 0 otherwise.</summary>
    public int Errno { get; private init; }

    /// <summary>The error number of Windows of a <see cref="TlsErrorKind.System"/> failure; 0 where it is an errno. Python turns the one into the other.</summary>
    public int WindowsError { get; private init; }

    /// <summary>The file a <see cref="TlsErrorKind.System"/> failure is about; null otherwise.</summary>
    public string? FileName { get; private init; }

    /// <summary>OpenSSL's number of <see cref="Reason"/> within <see cref="Library"/>; 0 where its tables know none.</summary>
    public long Code => Library is null ? 0 : Reason is null ? PemLibrary : OpenSslErrors.ReasonCode(Library, Reason) ?? 0;

    /// <summary>The line of the engine's source that found the failure.</summary>
    public int Line { get; }

    /// <summary>A failure with OpenSSL's names, such as (<c>SSL</c>, <c>NO_SHARED_CIPHER</c>).</summary>
    /// <param name="library">OpenSSL's library name.</param>
    /// <param name="reason">OpenSSL's reason name.</param>
    /// <param name="alert">The alert to send to the peer, if any.</param>
    /// <param name="inner">The cause, for a debugger; never shown to a script.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static TlsError Ssl(string library, string reason, byte? alert = null, Exception? inner = null, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Ssl, OpenSslErrors.Text(library, reason), inner, line) { Library = library, Reason = reason, Alert = alert };

    /// <summary>A failure of the library SSL whose text goes on behind OpenSSL's, where that alone would leave a reader at a loss.</summary>
    public static TlsError Explained(string reason, string why, byte alert, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Ssl, $"{OpenSslErrors.Text("SSL", reason)}: {why}", null, line) { Library = "SSL", Reason = reason, Alert = alert };

    /// <summary>A failure of a library that OpenSSL gives no reason name, such as (<c>SSL</c>, <c>PEM lib</c>).</summary>
    /// <param name="library">OpenSSL's library name.</param>
    /// <param name="message">What OpenSSL says instead of a reason.</param>
    /// <param name="alert">The alert to send to the peer, if any.</param>
    /// <param name="inner">The cause, for a debugger; never shown to a script.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static TlsError LibraryOnly(string library, string message, byte? alert = null, Exception? inner = null, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Ssl, message, inner, line) { Library = library, Alert = alert };

    /// <summary>A failure with a message of its own, without library and reason, such as <c>No cipher can be selected.</c></summary>
    public static TlsError Plain(string message, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Ssl, message, null, line);

    /// <summary>The same with a number before the message, which is 0, and the place behind it: what CPython raises of itself.</summary>
    public static TlsError Numbered(string message, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Ssl, message, null, line) { IsNumbered = true };

    /// <summary>The peer's certificate was refused with OpenSSL's <paramref name="verifyCode"/>.</summary>
    public static TlsError CertificateVerification(int verifyCode, string verifyMessage, byte alert, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.CertificateVerification, "certificate verify failed", null, line)
        {
            Library = "SSL",
            Reason = "CERTIFICATE_VERIFY_FAILED",
            VerifyCode = verifyCode,
            VerifyMessage = verifyMessage,
            Alert = alert,
        };

    /// <summary>The peer sent close_notify: nothing more will be read.</summary>
    public static TlsError ZeroReturn([CallerLineNumber] int line = 0)
        => new(TlsErrorKind.ZeroReturn, "TLS/SSL connection has been closed (EOF)", null, line);

    /// <summary>The transport ended without close_notify.</summary>
    public static TlsError Eof([CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Eof, "EOF occurred in violation of protocol", null, line) { Library = "SSL", Reason = "UNEXPECTED_EOF_WHILE_READING" };

    /// <summary>The text a script sees: OpenSSL's names, the message and the place, laid out as CPython lays them out.</summary>
    public string Describe()
    {
        string names = (Library, Reason) switch
        {
            (null, _) => "",
            (_, null) => $"[{Library}] ",
            _ => $"[{Library}: {Reason}] ",
        };
        string verification = VerifyMessage is null ? "" : ": " + VerifyMessage;
        return $"{names}{Message}{verification} (_ssl.c:{Line})";
    }

    /// <summary>The operating system refused <paramref name="fileName"/> or a socket operation with <paramref name="errno"/>.</summary>
    public static TlsError System(int errno, string message, string? fileName = null, Exception? inner = null, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.System, message, inner, line) { Errno = errno, FileName = fileName };

    /// <summary>A function of Windows failed with <paramref name="error"/>, a number of GetLastError's.</summary>
    public static TlsError Windows(int error, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.System, Marshal.GetPInvokeErrorMessage(error), null, line) { WindowsError = error };

    /// <summary>An argument is out of range (Python's ValueError).</summary>
    public static TlsError Value(string message, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Value, message, null, line);
}
