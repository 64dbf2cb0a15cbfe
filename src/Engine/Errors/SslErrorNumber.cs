namespace SslModule.Engine.Errors;

/// <summary>OpenSSL's SSL_ERROR numbers with CPython's additions: what <c>args[0]</c> of an SSLError of a connection holds.</summary>
public enum SslErrorNumber
{
    /// <summary>The protocol failed.</summary>
    Ssl = 1,

    /// <summary>More bytes from the peer are needed.</summary>
    WantRead = 2,

    /// <summary>Bytes for the peer must leave first.</summary>
    WantWrite = 3,

    /// <summary>The operating system failed.</summary>
    Syscall = 5,

    /// <summary>The peer sent close_notify.</summary>
    ZeroReturn = 6,

    /// <summary>The transport ended without close_notify.</summary>
    Eof = 8,

    /// <summary>The socket underneath is gone.</summary>
    NoSocket = 9,
}
