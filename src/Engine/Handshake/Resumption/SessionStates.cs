using SslModule.Engine.Sessions;

namespace SslModule.Engine.Handshake;

/// <summary>Between a handshake and the state that a later one resumes.</summary>
internal static class SessionStates
{
    /// <summary>What the handshake at hand leaves for a later one.</summary>
    /// <param name="state">The handshake.</param>
    /// <param name="settled">What it settled.</param>
    /// <param name="secret">The master secret or a PSK; empty when it comes later.</param>
    /// <param name="serverName">The name the client asked for.</param>
    public static SessionState Capture(HandshakeState state, in Negotiated settled, byte[] secret, string? serverName)
    {
        long now = state.Context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        return new SessionState
        {
            Version = settled.Version,
            Suite = settled.Suite,
            Secret = secret,
            Group = state.Group,
            CreatedAt = now,
            AuthenticatedAt = state.Resumed?.AuthenticatedAt ?? now,
            Lifetime = (int)state.SessionContext.SessionTimeout.TotalSeconds,
            ExtendedMasterSecret = settled.ExtendedMasterSecret,
            EncryptThenMac = settled.EncryptThenMac,
            MaxFragmentLength = settled.MaxFragmentLength,
            ServerName = serverName,
            Alpn = settled.Alpn,
            VerifyMode = (int)state.Bound.Demand.Mode,
            CheckedHostname = state.Bound.Demand.ChecksName,
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
