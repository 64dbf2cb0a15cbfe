namespace SslModule.Engine.Errors;

/// <summary>
/// The family a <see cref="TlsError"/> belongs to; each host maps one kind to one exception type of the Python <c>ssl</c>
/// module.
/// </summary>
public enum TlsErrorKind
{
    /// <summary>A protocol or library failure (<c>ssl.SSLError</c>).</summary>
    Ssl,

    /// <summary>The peer's certificate failed verification (<c>ssl.SSLCertVerificationError</c>).</summary>
    CertificateVerification,

    /// <summary>The peer closed the TLS connection cleanly (<c>ssl.SSLZeroReturnError</c>).</summary>
    ZeroReturn,

    /// <summary>The transport ended without close_notify (<c>ssl.SSLEOFError</c>).</summary>
    Eof,

    /// <summary>An operating system call on a file or socket failed; <see cref="TlsError.Errno"/> has the code (<c>OSError</c>).</summary>
    System,

    /// <summary>An argument is out of range (<c>ValueError</c>).</summary>
    Value,
}
