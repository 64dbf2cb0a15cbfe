namespace SslModule.Engine.Handshake;

/// <summary>What the connection asks of either side's protocol beyond BouncyCastle's public members.</summary>
internal interface IEngineProtocol
{
    /// <summary>True once the peer's close_notify was seen.</summary>
    bool PeerClosed { get; }

    /// <summary>Writes close_notify without closing the reading side (RFC 8446 section 6.1).</summary>
    void SendCloseNotify();

    /// <summary>Writes a fatal alert.</summary>
    void SendFatalAlert(byte description);
}
