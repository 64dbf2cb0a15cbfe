using SslModule.Engine.Ciphers;

namespace SslModule.Engine.Handshake;

/// <summary>Takes over what a finished handshake has found.</summary>
internal static class Completion
{
    /// <summary>Notes what was settled: the handshake is over.</summary>
    public static void Record(HandshakeState state, in Negotiated settled)
    {
        state.Version = settled.Version;
        state.Cipher = CipherSuites.ById(settled.Suite);
        state.SelectedAlpn = settled.Alpn;
        state.ExtendedMasterSecret = settled.ExtendedMasterSecret;
        state.EncryptThenMac = settled.EncryptThenMac;
        Count(state);
        state.Completed();
    }

    // As in OpenSSL a resumption counts where the sessions are, which may be another context than the one in force.
    private static void Count(HandshakeState state)
    {
        (state.IsServer ? state.Context : state.SessionContext).Statistics.Completed(state.IsServer);
        if (state.IsResumed)
        {
            state.SessionContext.Statistics.Hit();
        }
    }
}
