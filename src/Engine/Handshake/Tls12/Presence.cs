namespace SslModule.Engine.Handshake.Tls12;

/// <summary>Whether a message has a place in a handshake.</summary>
internal enum Presence
{
    /// <summary>It must not come.</summary>
    Absent,

    /// <summary>It may come.</summary>
    Optional,

    /// <summary>It must come.</summary>
    Required,
}
