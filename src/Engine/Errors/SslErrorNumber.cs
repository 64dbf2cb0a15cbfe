namespace SslModule.Engine.Errors;

/// <summary>OpenSSL's SSL_ERROR codes with CPython's additions: <c>args[0]</c> of an SSLError raised by a connection.</summary>
public enum SslErrorNumber
{
    /// <summary>A protocol error.</summary>
    Ssl = 1,

    /// <summary>The operation needs more bytes from the peer.</summary>
    WantRead = 2,

    /// <summary>Pending bytes must be sent to the peer first.</summary>
    WantWrite = 3,

    /// <summary>An operating system error.</summary>
    Syscall = 5,

    /// <summary>The peer sent close_notify.</summary>
    ZeroReturn = 6,

    /// <summary>The transport ended without close_notify.</summary>
    Eof = 8,

    /// <summary>The underlying socket is closed.</summary>
    NoSocket = 9,
}
