namespace SslModule.Engine.Handshake;

/// <summary>What the connection asks of either side's protocol beyond BouncyCastle's public members.</summary>
internal interface IEngineProtocol
{
    /// <summary>The handshake messages that come after the handshake.</summary>
    LateMessages Late { get; }

    /// <summary>True while the peer owes the rest of several messages that nothing may part.</summary>
    bool IsInsideLateFlight { get; }

    /// <summary>Reads a message of the handshake; called within <see cref="MessageGuard"/>.</summary>
    void ReadGuarded(short type, Org.BouncyCastle.Tls.HandshakeMessageInput message);

    /// <summary>Writes close_notify without closing the reading side (RFC 8446 section 6.1).</summary>
    void SendCloseNotify();

    /// <summary>Writes a fatal alert.</summary>
    void SendFatalAlert(byte description);

    /// <summary>Writes a KeyUpdate and changes the writing key (RFC 8446 section 4.6.3).</summary>
    void SendKeyUpdate(bool requestPeer);
}
