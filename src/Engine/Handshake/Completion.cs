using Org.BouncyCastle.Tls;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Crypto;
using TlsContext = Org.BouncyCastle.Tls.TlsContext;

namespace SslModule.Engine.Handshake;

/// <summary>Takes over what BouncyCastle found before it clears its own record of the handshake.</summary>
internal static class Completion
{
    /// <summary>Fills <paramref name="state"/> from the finished handshake.</summary>
    public static void Record(HandshakeState state, TlsContext context)
    {
        SecurityParameters parameters = context.SecurityParameters;
        state.Version = parameters.NegotiatedVersion.FullVersion;
        state.Cipher = CipherSuites.ById(parameters.CipherSuite);
        state.SelectedAlpn = parameters.ApplicationProtocol?.GetBytes();
        state.IsResumed |= parameters.IsResumedSession;
        state.TlsUnique = (byte[]?)FirstFinished(state, parameters)?.Clone();
        state.Group = TlsUtilities.IsTlsV13(context) ? parameters.NegotiatedGroup : state.Resumed?.Group ?? state.Group;
        state.ExtendedMasterSecret = parameters.IsExtendedMasterSecret;
        state.EncryptThenMac = parameters.IsEncryptThenMac;
        state.Exporter = Exporter.From(state.Crypto, parameters);
        state.LocalCertificate = parameters.LocalCertificate is { IsEmpty: false } own ? ((PeerCertificate)own.GetCertificateAt(0)).Certificate : null;
        state.KeyLogging.Flush();
        state.Context.Statistics.Completed(state.IsServer, state.IsResumed);
        state.IsComplete = true;
    }

    // RFC 5929 section 3.1: the client's Finished, or the server's when the session was resumed. Not defined for TLS 1.3,
    // where RFC 9266 has tls-exporter instead; OpenSSL answers the Finished there too, and programs compare it.
    private static byte[]? FirstFinished(HandshakeState state, SecurityParameters parameters)
        => state.IsResumed == state.IsServer ? parameters.LocalVerifyData : parameters.PeerVerifyData;
}
