using SslModule.Engine.Sessions;

namespace SslModule.Engine.Handshake;

/// <summary>Between a handshake and the state that a later one resumes.</summary>
internal static class SessionStates
{
    /// <summary>What the handshake at hand leaves for a later one.</summary>
    /// <param name="state">The handshake.</param>
    /// <param name="negotiated">The negotiated parameters.</param>
    /// <param name="secret">The master secret or a PSK; empty when it comes later.</param>
    /// <param name="serverName">The name the client asked for.</param>
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

    /// <summary>Notes that <paramref name="resumed"/> was resumed: the peer is who it was then.</summary>
    public static void Restore(HandshakeState state, SessionState resumed)
    {
        state.IsResumed = true;
        state.Resumed = resumed;
        state.PeerChain = resumed.PeerChain;
        state.VerifiedChain = resumed.VerifiedChain;
    }
}
