using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>What a handshake needs from its connection.</summary>
internal interface IHandshakeConnection
{
    /// <summary>Writes a record that is not application data.</summary>
    /// <param name="contentType">The content type.</param>
    /// <param name="content">The plaintext.</param>
    /// <param name="isSealed">False to write it unprotected even if keys are installed.</param>
    void WriteRecord(ContentType contentType, ReadOnlySpan<byte> content, bool isSealed = true);

    /// <summary>Whether a message of this type may come next.</summary>
    bool Expects(HandshakeType type);

    /// <summary>Starts a renegotiation that the server requested (RFC 5246 section 7.4.1.1).</summary>
    void Renegotiate();

    /// <summary>True if the application validates certificates.</summary>
    bool AsksApplication { get; }

    /// <summary>Asks the application whether it accepts the peer's certificate.</summary>
    bool AskApplication(PeerCertificateValidation validation);

    /// <summary>Calls the client's PSK callback.</summary>
    /// <param name="hint">The server's identity hint; null for none.</param>
    PskCredentials? AskClientPsk(string? hint);

    /// <summary>Calls the server's PSK callback for an identity.</summary>
    ReadOnlyMemory<byte>? AskServerPsk(string? identity);
}
