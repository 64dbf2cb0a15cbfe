using SslModule.Engine.Ciphers;

namespace SslModule.Engine.Handshake;

/// <summary>Stores the result of a completed handshake in the connection's state.</summary>
internal static class HandshakeResult
{
    /// <summary>Stores the negotiated parameters and marks the handshake as complete.</summary>
    public static void Apply(HandshakeState state, in NegotiatedParameters negotiated)
    {
        state.Version = negotiated.Version;
        state.Cipher = CipherSuites.ById(negotiated.Suite);
        state.SelectedAlpn = negotiated.Alpn;
        state.ExtendedMasterSecret = negotiated.ExtendedMasterSecret;
        state.EncryptThenMac = negotiated.EncryptThenMac;
        Count(state);
        state.Completed();
    }

    // Like OpenSSL, count a resumption on the session context, which may differ from the current context.
    private static void Count(HandshakeState state)
    {
        (state.IsServer ? state.Context : state.SessionContext).Statistics.Completed(state.IsServer);
        if (state.IsResumed)
        {
            state.SessionContext.Statistics.Hit();
        }
    }
}
