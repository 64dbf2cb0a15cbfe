using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>What a handshake asks of the connection that it is on.</summary>
internal interface IHandshakeConnection
{
    /// <summary>Writes a record that is no application data.</summary>
    /// <param name="contentType">The content type.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="isSealed">False to write it unprotected whatever keys there are.</param>
    void WriteRecord(ContentType contentType, ReadOnlySpan<byte> content, bool isSealed = true);

    /// <summary>Whether a message of a type may be the next.</summary>
    bool Expects(HandshakeType type);

    /// <summary>Begins another handshake, as the server has asked for (RFC 5246 section 7.4.1.1).</summary>
    void Renegotiate();

    /// <summary>Asks the application of a client for its pre-shared key.</summary>
    /// <param name="hint">The server's; null for none.</param>
    PskCredentials? AskClientPsk(string? hint);

    /// <summary>Asks the application of a server for the pre-shared key of an identity.</summary>
    ReadOnlyMemory<byte>? AskServerPsk(string? identity);
}
