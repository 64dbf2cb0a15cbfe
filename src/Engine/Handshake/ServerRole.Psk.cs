using Org.BouncyCastle.Tls;
using SslModule.Engine.Errors;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;

namespace SslModule.Engine.Handshake;

/// <content>Pre-shared keys.</content>
internal sealed partial class ServerRole
{
    /// <inheritdoc/>
    public override TlsPskIdentityManager GetPskIdentityManager() => new Identities(state);

    /// <summary>The keys that the application knows for the identities of TLS 1.2 and before (RFC 4279).</summary>
    private sealed class Identities(HandshakeState state) : TlsPskIdentityManager
    {
        public byte[]? GetHint() => state.Bound.Credentials.PskIdentityHint;

        public byte[] GetPsk(byte[] identity)
        {
            if (identity.Length > Context.TlsContext.LongestPskIdentity)
            {
                throw state.Fail(TlsError.Ssl("SSL", "DATA_LENGTH_TOO_LONG", (byte)AlertDescription.decode_error));
            }

            return Psk.OfServer(state, identity) ?? throw state.Fail(Psk.NotFound(AlertDescription.unknown_psk_identity));
        }
    }
}
