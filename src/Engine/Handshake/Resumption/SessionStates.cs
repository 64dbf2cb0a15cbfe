using SslModule.Engine.Sessions;

namespace SslModule.Engine.Handshake;

/// <summary>Converts between a handshake and the session state that a later handshake resumes.</summary>
internal static class SessionStates
{
    /// <summary>Captures the session state of a handshake.</summary>
    /// <param name="state">The handshake.</param>
    /// <param name="negotiated">The negotiated parameters.</param>
    /// <param name="secret">The master secret or PSK; empty if it is set later.</param>
    /// <param name="serverName">The requested server name.</param>
    public static SessionState Capture(HandshakeState state, in NegotiatedParameters negotiated, byte[] secret, string? serverName)
    {
        long now = state.Context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        return new SessionState
        {
            Version = negotiated.Version,
            Suite = negotiated.Suite,
            Secret = secret,
            Group = state.Group,
            CreatedAt = now,
            AuthenticatedAt = state.Resumed?.AuthenticatedAt ?? now,
            Lifetime = (int)state.SessionContext.SessionTimeout.TotalSeconds,
            ExtendedMasterSecret = negotiated.ExtendedMasterSecret,
            EncryptThenMac = negotiated.EncryptThenMac,
            MaxFragmentLength = negotiated.MaxFragmentLength,
            ServerName = serverName,
            Alpn = negotiated.Alpn,
            VerifyMode = (int)state.Settings.Verification.Mode,
            CheckedHostname = state.Settings.Verification.ChecksName,
            IdContext = state.SessionContext.SessionIdContextBytes,
            PeerChain = state.PeerChain,
            VerifiedChain = state.VerifiedChain,
        };
    }

    /// <summary>Restores the peer's identity from the resumed session <paramref name="resumed"/>.</summary>
    public static void Restore(HandshakeState state, SessionState resumed)
    {
        state.IsResumed = true;
        state.Resumed = resumed;
        state.PeerChain = resumed.PeerChain;
        state.VerifiedChain = resumed.VerifiedChain;
    }
}
