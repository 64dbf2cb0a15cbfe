using Org.BouncyCastle.Tls;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Crypto;
using TlsContext = Org.BouncyCastle.Tls.TlsContext;

namespace SslModule.Engine.Handshake;

/// <summary>Takes over what a finished handshake has found.</summary>
internal static class Completion
{
    /// <summary>Fills <paramref name="state"/> before BouncyCastle clears its own record of the handshake.</summary>
    public static void Record(HandshakeState state, TlsContext context)
    {
        SecurityParameters parameters = context.SecurityParameters;
        state.IsResumed |= parameters.IsResumedSession;
        state.TlsUnique = (byte[]?)FirstFinished(state, parameters)?.Clone();
        state.Group = state.Resumed?.Group ?? state.Group;
        state.Exporter = Exporter.From(state.Crypto, parameters);
        state.LocalCertificate = parameters.LocalCertificate is { IsEmpty: false } own ? ((PeerCertificate)own.GetCertificateAt(0)).Certificate : null;
        Record(state, Negotiated.Of(parameters));
    }

    /// <summary>Notes what was settled: the handshake is over.</summary>
    public static void Record(HandshakeState state, in Negotiated settled)
    {
        state.Version = settled.Version;
        state.Cipher = CipherSuites.ById(settled.Suite);
        state.SelectedAlpn = settled.Alpn;
        state.ExtendedMasterSecret = settled.ExtendedMasterSecret;
        state.EncryptThenMac = settled.EncryptThenMac;
        Count(state);
        state.IsComplete = true;
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

    // RFC 5929 section 3.1: the client's Finished, or the server's when the session was resumed.
    private static byte[]? FirstFinished(HandshakeState state, SecurityParameters parameters)
        => state.IsResumed == state.IsServer ? parameters.LocalVerifyData : parameters.PeerVerifyData;
}
