using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>What the connection asks of either side's protocol beyond BouncyCastle's public members.</summary>
internal interface IEngineProtocol
{
    /// <summary>Reads a message of the handshake; called within <see cref="MessageGuard"/>.</summary>
    void ReadGuarded(HandshakeType type, Org.BouncyCastle.Tls.HandshakeMessageInput message);

    /// <summary>Whether a message may be the next, as far as its type tells.</summary>
    bool Expects(HandshakeType type);

    /// <summary>Writes a fatal alert.</summary>
    void SendFatalAlert(byte description);

    /// <summary>What goes on when the handshake is done; nothing else of the protocol is needed then.</summary>
    /// <param name="cipher">The record protection in force.</param>
    LateProtocol Establish(RecordCipher cipher);
}
