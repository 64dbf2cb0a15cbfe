using Org.BouncyCastle.Tls;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Handshake;

/// <content>Pre-shared keys.</content>
internal sealed partial class ServerRole
{
    /// <summary>The external PSK that the handshake goes on with; null for a certificate.</summary>
    private TlsPskExternal? _externalPsk;

    /// <inheritdoc/>
    public override TlsPskIdentityManager GetPskIdentityManager() => new Identities(state);

    /// <summary>The application's PSK for one of these identities; null for none.</summary>
    private TlsPskExternal? ExternalPsk(IList<PskIdentity> identities)
    {
        // OpenSSL chooses the suite first; a PSK whose hash is another than the suite's is passed over.
        if (state.Context.PskServerCallback is null || ChooseSuite13() is not { } suite || !Psk.FitsSuite(suite))
        {
            return null;
        }

        foreach (PskIdentity offered in identities)
        {
            if (offered.Identity.Length <= Context.TlsContext.LongestPskIdentity && Psk.OfServer(state, offered.Identity) is { } key)
            {
                state.IsResumed = true;
                return _externalPsk = Psk.External(state, offered.Identity, key);
            }
        }

        return null;
    }

    /// <summary>What a PSK binder that does not verify means (RFC 8446 section 4.2.11.2).</summary>
    public Exception BinderRefused()
        => state.Fail(TlsError.Ssl("SSL", "BINDER_DOES_NOT_VERIFY", (byte)AlertDescription.decrypt_error));

    /// <summary>The TLS 1.3 suite of this handshake: without a certificate, one that a PSK can be used with goes first.</summary>
    private int? ChooseSuite13()
    {
        int[] own = GetCipherSuites();
        bool local = PreferLocalCipherSuites();
        int[] common = [.. (local ? own : m_offeredCipherSuites).Where(suite => IsTls13(suite) && (local ? m_offeredCipherSuites : own).Contains(suite))];
        bool needsPsk = state.Context.PskServerCallback is not null && state.Context.CertifiedKeys.Length == 0;
        return common.Length == 0 ? null : needsPsk && common.Any(Psk.FitsSuite) ? common.First(Psk.FitsSuite) : common[0];
    }

    private static bool IsTls13(int suite) => suite >> 8 == 0x13;

    /// <summary>The keys that the application knows for the identities of TLS 1.2 and before (RFC 4279).</summary>
    private sealed class Identities(HandshakeState state) : TlsPskIdentityManager
    {
        public byte[]? GetHint() => state.Context.PskIdentityHintBytes;

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
