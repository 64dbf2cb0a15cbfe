using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Crypto;
using SslModule.Engine.Sessions;

namespace SslModule.Engine.Handshake;

/// <summary>A TLS 1.3 ticket's key in the form of an external PSK, the only one that BouncyCastle's handshake takes.</summary>
internal sealed class TicketPsk(NativeTlsCrypto crypto, byte[] ticket, SessionState state) : TlsPskExternal
{
    /// <summary>What is resumed.</summary>
    public SessionState State => state;

    /// <inheritdoc/>
    public byte[] Identity => ticket;

    /// <inheritdoc/>
    public TlsSecret Key => new ResumptionPsk(crypto, (byte[])state.Secret.Clone());

    /// <inheritdoc/>
    public int PrfAlgorithm => PrfOf(state.Suite);

    /// <summary>The hash that a TLS 1.3 suite and all its PSKs use.</summary>
    public static int PrfOf(int suite) => suite == CipherSuite.TLS_AES_256_GCM_SHA384
        ? Org.BouncyCastle.Tls.PrfAlgorithm.tls13_hkdf_sha384
        : Org.BouncyCastle.Tls.PrfAlgorithm.tls13_hkdf_sha256;
}
