using Org.BouncyCastle.Tls;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;

namespace SslModule.Engine.Handshake;

/// <content>Pre-shared keys.</content>
internal sealed partial class ClientRole
{
    /// <inheritdoc/>
    public override TlsPskIdentity GetPskIdentity() => new Identity(state);

    /// <summary>The identity and key of TLS 1.2 and before (RFC 4279).</summary>
    private sealed class Identity(HandshakeState state) : TlsPskIdentity
    {
        private byte[]? _hint;
        private PskCredentials? _answer;

        public void SkipIdentityHint() => _hint = null;

        public void NotifyIdentityHint(byte[] pskIdentityHint)
        {
            if (pskIdentityHint.Length > Context.TlsContext.LongestPskIdentity)
            {
                throw state.Fail(TlsError.Ssl("SSL", "DATA_LENGTH_TOO_LONG", (byte)AlertDescription.handshake_failure));
            }

            _hint = pskIdentityHint;
        }

        public byte[] GetPskIdentity()
        {
            _answer = Psk.OfClient(state, _hint) ?? throw state.Fail(Psk.NotFound(AlertDescription.handshake_failure));
            return _answer.Identity.ToArray();
        }

        public byte[] GetPsk() => _answer!.Key.ToArray();
    }
}
