namespace SslModule.Engine.Handshake.Tls12;

/// <summary>Whether a handshake message is expected.</summary>
internal enum Presence
{
    /// <summary>The message is forbidden.</summary>
    Absent,

    /// <summary>The message is optional.</summary>
    Optional,

    /// <summary>The message is required.</summary>
    Required,
}
