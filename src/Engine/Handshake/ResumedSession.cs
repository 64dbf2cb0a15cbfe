using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <summary>
/// A session that a server resumes. BouncyCastle has none without an identifier, but a client may offer a ticket without one,
/// and then gets none (RFC 5077 section 3.4).
/// </summary>
internal sealed class ResumedSession(TlsSession session) : TlsSession
{
    /// <inheritdoc/>
    public byte[] SessionID => session.SessionID;

    /// <inheritdoc/>
    public bool IsResumable { get; private set; } = true;

    /// <inheritdoc/>
    public SessionParameters ExportSessionParameters() => session.ExportSessionParameters();

    /// <inheritdoc/>
    public void Invalidate() => IsResumable = false;
}
