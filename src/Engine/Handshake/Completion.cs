using Org.BouncyCastle.Tls;
using SslModule.Engine.Ciphers;
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
        state.TlsUnique = TlsUtilities.IsTlsV13(parameters.NegotiatedVersion)
            ? null
            : (byte[]?)parameters.TlsUnique?.Clone();
        state.IsComplete = true;
    }
}
