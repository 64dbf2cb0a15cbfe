using Org.BouncyCastle.Tls;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using ClientCertificateType = SslModule.Engine.Wire.ClientCertificateType;
using ProtocolVersion = Org.BouncyCastle.Tls.ProtocolVersion;

namespace SslModule.Engine.Handshake;

/// <summary>The client's answers to BouncyCastle's handshake: what to offer, whom to trust, how to authenticate.</summary>
internal sealed partial class ClientRole(HandshakeState state, ClientSessions sessions) : AbstractTlsClient(state.Crypto), TlsAuthentication
{
    /// <inheritdoc/>
    public override TlsAuthentication GetAuthentication() => this;

    /// <inheritdoc/>
    public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
    {
        state.OcspResponse = OcspStaple.Received(serverCertificate);
        PeerVerification.Check(state, serverCertificate.Certificate);
    }

    /// <inheritdoc/>
    public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest)
    {
        // The keys of the types that a server asks for (RFC 5246 section 7.4.4), and then the others: OpenSSL offers the only one
        // it has whatever is asked for.
        short[]? types = certificateRequest.CertificateTypes;
        int[]? schemes = certificateRequest.SupportedSignatureAlgorithms?.Select(HashVerifier.SchemeOf).ToArray();
        return Signer(key => IsOfType(key, types), schemes) ?? Signer(_ => true, schemes);
    }

    /// <summary>Whether a key is of a type that a server asks for; null for one that names none.</summary>
    public static bool IsOfType(Certificates.CertifiedKey key, short[]? types) => types?.Contains(Type(key.Key.Kind)) ?? true;

    private SigningCredentials? Signer(Func<Certificates.CertifiedKey, bool> suits, int[]? schemes)
        => SigningCredentials.Choose(state, state.Bound.Credentials.Keys.Where(suits), schemes, m_context.ServerVersion.FullVersion);

    // RFC 8422 section 5.5: Edwards curves count as ECDSA.
    private static short Type(Certificates.KeyKind kind) => kind switch
    {
        Certificates.KeyKind.Rsa or Certificates.KeyKind.RsaPss => ClientCertificateType.rsa_sign,
        Certificates.KeyKind.Dsa => ClientCertificateType.dss_sign,
        _ => ClientCertificateType.ecdsa_sign,
    };

    /// <inheritdoc/>
    public override void ProcessServerExtensions(IDictionary<int, byte[]> serverExtensions)
    {
        base.ProcessServerExtensions(serverExtensions);
        if (serverExtensions is not null && TlsExtensionsUtilities.GetAlpnExtensionServer(serverExtensions) is { } chosen)
        {
            Alpn.CheckChosen(state, chosen.GetBytes());
        }
    }

    /// <inheritdoc/>
    public override TlsDHGroupVerifier GetDHGroupVerifier() => new DhGroups(state);

    /// <inheritdoc/>
    public override bool ShouldUseCompatibilityMode() => state.Bound.Has(TlsOptions.EnableMiddleboxCompat);

    /// <inheritdoc/>
    public override bool ShouldCheckSigAlgOfPeerCerts() => false;

    /// <inheritdoc/>
    public override int GetMaxHandshakeMessageSize() => HandshakeMessages.LongestTicket;

    /// <inheritdoc/>
    public override int GetMaxCertificateChainLength() => byte.MaxValue;

    /// <inheritdoc/>
    public override bool AllowLegacyResumption() => true;

    /// <inheritdoc/>
    public override void NotifySecureRenegotiation(bool secureRenegotiation)
    {
        if (!secureRenegotiation && !state.Bound.Has(TlsOptions.LegacyServerConnect))
        {
            throw state.Fail(Errors.TlsError.Ssl("SSL", "UNSAFE_LEGACY_RENEGOTIATION_DISABLED", (byte)AlertDescription.handshake_failure));
        }
    }

    /// <inheritdoc/>
    public override void NotifyServerVersion(ProtocolVersion serverVersion) => state.Version = serverVersion.FullVersion;

    /// <inheritdoc/>
    public override void NotifySelectedCipherSuite(int selectedCipherSuite)
    {
        state.Cipher = CipherSuites.ById(selectedCipherSuite);
        bool signed = state.Cipher is { Kx: "ECDH" or "DH", IsAnonymous: false };
        if (signed && state.Version < 0x0303 && !SupportedAlgorithms.AllowsLegacySignatures(state.Bound.Credentials))
        {
            throw state.Fail("LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED", AlertDescription.internal_error);
        }
    }

    /// <inheritdoc/>
    public override bool IsFallback() => state.Bound.SendsFallbackScsv;

    /// <inheritdoc/>
    public override void NotifyHandshakeComplete() => Completion.Record(state, m_context);

    /// <inheritdoc/>
    protected override ProtocolVersion[] GetSupportedVersions() => BouncyCastleTypes.Versions(state.Prepared.ClientVersions);

    /// <inheritdoc/>
    protected override int[] GetSupportedCipherSuites() => state.Prepared.ClientSuites;

    /// <inheritdoc/>
    protected override IList<ProtocolName>? GetProtocolNames()
        => state.Bound.OfferedProtocols.Count == 0 ? null : [.. state.Bound.OfferedProtocols.Select(name => ProtocolName.AsRawBytes(name))];

    /// <inheritdoc/>
    protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithms()
        => BouncyCastleTypes.Algorithms(state.Prepared.SignatureSchemes(ofClient: false));
}
