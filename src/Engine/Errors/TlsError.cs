using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SslModule.Engine.Errors;

/// <summary>
/// An engine error, described with OpenSSL's library and reason names, from which a host raises the matching Python exception
/// without comparing message texts.
/// </summary>
public sealed class TlsError : Exception
{
    // ERR_R_PEM_LIB of err.h: the reason code of an error that has only a library name.
    private const long PemLibrary = 524297;

    private Lazy<string?>? _explanation;

    private TlsError(TlsErrorKind kind, string message, Exception? inner, int line)
        : base(message, inner)
    {
        Kind = kind;
        Line = line;
    }

    /// <summary>The kind of the error, which determines the Python exception.</summary>
    public TlsErrorKind Kind { get; }

    /// <summary>OpenSSL's library name, such as <c>SSL</c>, <c>PEM</c> or <c>X509</c>; null when the error has none.</summary>
    public string? Library { get; private init; }

    /// <summary>OpenSSL's reason name, such as <c>CERTIFICATE_VERIFY_FAILED</c>; null when the error has none.</summary>
    public string? Reason { get; private init; }

    /// <summary>True for an error without a library name whose first Python argument is the number 0.</summary>
    public bool IsNumbered { get; private init; }

    /// <summary>OpenSSL's X509_V_ERR code; 0 unless <see cref="Kind"/> is <see cref="TlsErrorKind.CertificateVerification"/>.</summary>
    public int VerifyCode { get; private init; }

    /// <summary>OpenSSL's text for <see cref="VerifyCode"/>, or CPython's text for a host name mismatch.</summary>
    public string? VerifyMessage { get; private init; }

    /// <summary>The alert sent to the peer (RFC 8446 section 6); null when none is sent.</summary>
    public byte? Alert { get; private init; }

    /// <summary>The errno of a <see cref="TlsErrorKind.System"/> error; 0 for other kinds.</summary>
    public int Errno { get; private init; }

    /// <summary>
    /// The Windows error code of a <see cref="TlsErrorKind.System"/> error; 0 when <see cref="Errno"/> is set instead. Python
    /// maps it to an errno.
    /// </summary>
    public int WindowsError { get; private init; }

    /// <summary>The file that a <see cref="TlsErrorKind.System"/> error concerns; null when there is none.</summary>
    public string? FileName { get; private init; }

    /// <summary>OpenSSL's numeric code of <see cref="Reason"/> within <see cref="Library"/>; 0 when its tables have none.</summary>
    public long Code => Library is null ? 0 : Reason is null ? PemLibrary : OpenSslErrors.ReasonCode(Library, Reason) ?? 0;

    /// <summary>
    /// What failed, what was looked for and where, and what would help, in lines for a person to read; null when there is nothing to
    /// say beyond <see cref="Describe"/>. It is put together when it is first asked for, which may read the system's trusted certificates.
    /// </summary>
    public string? Explanation => _explanation?.Value;

    /// <summary>The same, for a host that keeps it longer than the error; null for none.</summary>
    internal Lazy<string?>? LazyExplanation => _explanation;

    /// <summary>The line of the engine's source that created the error.</summary>
    public int Line { get; }

    /// <summary>Creates an error with OpenSSL's names, such as (<c>SSL</c>, <c>NO_SHARED_CIPHER</c>).</summary>
    /// <param name="library">OpenSSL's library name.</param>
    /// <param name="reason">OpenSSL's reason name.</param>
    /// <param name="alert">The alert to send to the peer, if any.</param>
    /// <param name="inner">The cause, for debugging; not shown in Python messages.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static TlsError Ssl(string library, string reason, byte? alert = null, Exception? inner = null, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Ssl, OpenSslErrors.Text(library, reason), inner, line) { Library = library, Reason = reason, Alert = alert };

    /// <summary>Creates an error of the SSL library with an explanation appended to OpenSSL's text.</summary>
    public static TlsError Explained(string reason, string why, byte alert, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Ssl, $"{OpenSslErrors.Text("SSL", reason)}: {why}", null, line) { Library = "SSL", Reason = reason, Alert = alert };

    /// <summary>Creates an error that has a library name but no reason name, such as (<c>SSL</c>, <c>PEM lib</c>).</summary>
    /// <param name="library">OpenSSL's library name.</param>
    /// <param name="message">The text that OpenSSL shows instead of a reason.</param>
    /// <param name="alert">The alert to send to the peer, if any.</param>
    /// <param name="inner">The cause, for debugging; not shown in Python messages.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static TlsError LibraryOnly(string library, string message, byte? alert = null, Exception? inner = null, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Ssl, message, inner, line) { Library = library, Alert = alert };

    /// <summary>Creates an error with its own message and without library and reason, such as <c>No cipher can be selected.</c></summary>
    public static TlsError Plain(string message, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Ssl, message, null, line);

    /// <summary>
    /// Creates an error with its own message, the number 0 and the source location, as CPython formats errors that it raises
    /// itself.
    /// </summary>
    public static TlsError Numbered(string message, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Ssl, message, null, line) { IsNumbered = true };

    /// <summary>Creates the error for a peer certificate that failed verification with OpenSSL's <paramref name="verifyCode"/>.</summary>
    public static TlsError CertificateVerification(int verifyCode, string verifyMessage, byte alert, Exception? inner = null, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.CertificateVerification, "certificate verify failed", inner, line)
        {
            Library = "SSL",
            Reason = "CERTIFICATE_VERIFY_FAILED",
            VerifyCode = verifyCode,
            VerifyMessage = verifyMessage,
            Alert = alert,
        };

    /// <summary>Creates the error for a read after the peer's close_notify.</summary>
    public static TlsError ZeroReturn([CallerLineNumber] int line = 0)
        => new(TlsErrorKind.ZeroReturn, "TLS/SSL connection has been closed (EOF)", null, line);

    /// <summary>Creates the error for a transport that ended without close_notify.</summary>
    public static TlsError Eof([CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Eof, "EOF occurred in violation of protocol", null, line) { Library = "SSL", Reason = "UNEXPECTED_EOF_WHILE_READING" };

    /// <summary>Sets what <see cref="Explanation"/> returns; an error that has one keeps it.</summary>
    /// <param name="explain">Called once, when the explanation is first asked for.</param>
    internal TlsError WithExplanation(Func<string?> explain)
    {
        _explanation ??= new Lazy<string?>(explain);
        return this;
    }

    /// <summary>The message that Python code sees: OpenSSL's names, the text and the source location in CPython's format.</summary>
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

    /// <summary>
    /// Creates the error for an operating system failure with <paramref name="errno"/> on <paramref name="fileName"/> or a
    /// socket.
    /// </summary>
    public static TlsError System(int errno, string message, string? fileName = null, Exception? inner = null, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.System, message, inner, line) { Errno = errno, FileName = fileName };

    /// <summary>Creates the error for a Windows function that failed with <paramref name="error"/>, a GetLastError code.</summary>
    public static TlsError Windows(int error, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.System, Marshal.GetPInvokeErrorMessage(error), null, line) { WindowsError = error };

    /// <summary>Creates the error for an argument out of range (Python's ValueError).</summary>
    public static TlsError Value(string message, [CallerLineNumber] int line = 0)
        => new(TlsErrorKind.Value, message, null, line);
}
