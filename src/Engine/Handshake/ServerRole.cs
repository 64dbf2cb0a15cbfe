using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using Certificate = Org.BouncyCastle.Tls.Certificate;

namespace SslModule.Engine.Handshake;

/// <summary>The server's answers to BouncyCastle's handshake: version, suite, certificate, and what it asks of the client.</summary>
internal sealed partial class ServerRole(HandshakeState state) : AbstractTlsServer(state.Crypto)
{
    private bool _serverNameAsked;

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
        // A client without RFC 5746 is served: the engine never renegotiates, so there is nothing to attack.
    }

    /// <summary>Tells the host's callback which name the client asked for, before anything is chosen.</summary>
    public void AskServerName(IDictionary<int, byte[]>? extensions)
    {
        if (_serverNameAsked)
        {
            return;
        }

        _serverNameAsked = true;
        state.ServerName?.Invoke(RequestedServerName.Read(state, extensions));
    }

    /// <inheritdoc/>
    public override ProtocolVersion GetServerVersion()
    {
        try
        {
            ProtocolVersion version = base.GetServerVersion();
            state.Version = version.FullVersion;
            return version;
        }
        catch (TlsFatalAlert alert) when (alert.AlertDescription == AlertDescription.protocol_version)
        {
            throw state.Fail(TlsError.Ssl("SSL", "UNSUPPORTED_PROTOCOL", (byte)AlertDescription.protocol_version));
        }
    }

    /// <inheritdoc/>
    public override int[] GetSupportedGroups() => SupportedAlgorithms.Groups(state.Context);

    /// <inheritdoc/>
    public override int[] GetCipherSuites() => GetSupportedCipherSuites();

    /// <inheritdoc/>
    public override int GetSelectedCipherSuite()
    {
        HashSet<int> own = [.. GetCipherSuites()];
        state.SharedCiphers = [.. m_offeredCipherSuites.Where(own.Contains).Select(CipherSuites.ById).OfType<CipherSuiteInfo>()];
        try
        {
            int suite = TlsUtilities.IsTlsV13(m_context) && ChooseSuite13() is { } chosen && SelectCipherSuite(chosen) ? chosen : base.GetSelectedCipherSuite();
            state.Cipher = CipherSuites.ById(suite);
            return suite;
        }
        catch (TlsFatalAlert alert) when (alert.AlertDescription == AlertDescription.handshake_failure)
        {
            throw state.Fail(TlsError.Ssl("SSL", "NO_SHARED_CIPHER", (byte)AlertDescription.handshake_failure));
        }
    }

    /// <inheritdoc/>
    public override TlsCredentials? GetCredentials()
    {
        SecurityParameters parameters = m_context.SecurityParameters;
        if (TlsUtilities.IsTlsV13(parameters.NegotiatedVersion))
        {
            return Signer(state.Context.CertifiedKeys, parameters)
                ?? throw state.Fail(TlsError.Ssl("SSL", "NO_SUITABLE_SIGNATURE_ALGORITHM", (byte)AlertDescription.handshake_failure));
        }

        return parameters.KeyExchangeAlgorithm switch
        {
            KeyExchangeAlgorithm.DH_anon or KeyExchangeAlgorithm.ECDH_anon
                or KeyExchangeAlgorithm.PSK or KeyExchangeAlgorithm.DHE_PSK or KeyExchangeAlgorithm.ECDHE_PSK => null,
            KeyExchangeAlgorithm.RSA or KeyExchangeAlgorithm.RSA_PSK => Decryptor(),
            _ => Signer(state.Context.CertifiedKeys.Where(key => Authenticates(key.Key.Kind, parameters.KeyExchangeAlgorithm)), parameters)
                ?? throw new TlsFatalAlert(AlertDescription.internal_error),
        };
    }

    /// <inheritdoc/>
    public override CertificateRequest? GetCertificateRequest()
    {
        // Where the application asks after the handshake, TLS 1.3 does not ask in it, whatever the client offered.
        bool asksLater = state.Context.PostHandshakeAuth && TlsUtilities.IsTlsV13(m_context);
        return state.Context.VerifyMode == VerifyMode.None || asksLater ? null : CertificateRequest([]);
    }

    /// <summary>What is asked of the client, with <paramref name="requestContext"/> to tell the answers apart (TLS 1.3).</summary>
    public CertificateRequest CertificateRequest(byte[] requestContext)
    {
        IList<SignatureAndHashAlgorithm> algorithms = SupportedAlgorithms.SignatureAlgorithms(state.Context);
        IList<X509Name> authorities = [.. state.Context.Trust.AuthorityNames().Select(name => X509Name.GetInstance(name.ToArray()))];
        return TlsUtilities.IsTlsV13(m_context)
            ? new CertificateRequest(requestContext, algorithms, null, authorities)
            : new CertificateRequest(
                [ClientCertificateType.rsa_sign, ClientCertificateType.dss_sign, ClientCertificateType.ecdsa_sign],
                TlsUtilities.IsTlsV12(m_context) ? algorithms : null,
                authorities);
    }

    /// <inheritdoc/>
    public override void NotifyClientCertificate(Certificate clientCertificate) => PeerVerification.Check(state, clientCertificate);

    /// <inheritdoc/>
    public override void NotifyHandshakeComplete() => Completion.Record(state, m_context);

    /// <inheritdoc/>
    public override ProtocolVersion[] GetProtocolVersions() => GetSupportedVersions();

    /// <inheritdoc/>
    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersions.Enabled(state.Context);

    /// <inheritdoc/>
    protected override int[] GetSupportedCipherSuites() => SuiteChoice.Ids(state.Context, GetSupportedVersions(), withPsk: true);

    /// <inheritdoc/>
    protected override bool PreferLocalCipherSuites() => (state.Context.Options & (ulong)TlsOptions.CipherServerPreference) != 0;

    /// <inheritdoc/>
    protected override bool AllowEncryptThenMac() => (state.Context.Options & (ulong)TlsOptions.NoEncryptThenMac) == 0;

    /// <inheritdoc/>
    protected override bool SelectCipherSuite(int cipherSuite) => HasCredentialsFor(cipherSuite) && base.SelectCipherSuite(cipherSuite);

    /// <inheritdoc/>
    protected override IList<ProtocolName>? GetProtocolNames()
        => state.Context.AlpnProtocols.Count == 0 ? null : [.. state.Context.AlpnProtocols.Select(name => ProtocolName.AsRawBytes(name))];

    /// <inheritdoc/>
    protected override ProtocolName? SelectProtocolName()
    {
        // No overlap leaves the connection without ALPN, as OpenSSL's callback in CPython does (SSL_TLSEXT_ERR_NOACK).
        IList<ProtocolName>? own = GetProtocolNames();
        return own is null ? null : SelectProtocolName(m_clientProtocolNames, own);
    }

    private static bool Authenticates(KeyKind kind, int keyExchange) => keyExchange switch
    {
        KeyExchangeAlgorithm.DHE_RSA or KeyExchangeAlgorithm.ECDHE_RSA => kind is KeyKind.Rsa or KeyKind.RsaPss,
        KeyExchangeAlgorithm.DHE_DSS => kind == KeyKind.Dsa,
        KeyExchangeAlgorithm.ECDHE_ECDSA => kind is KeyKind.Ec or KeyKind.Ed25519 or KeyKind.Ed448,
        KeyExchangeAlgorithm.RSA or KeyExchangeAlgorithm.RSA_PSK => kind == KeyKind.Rsa,
        _ => false,
    };

    private bool HasCredentialsFor(int cipherSuite)
    {
        int keyExchange = TlsUtilities.GetKeyExchangeAlgorithm(cipherSuite);
        return keyExchange switch
        {
            KeyExchangeAlgorithm.NULL => state.Context.CertifiedKeys.Count > 0 || state.Context.PskServerCallback is not null,
            KeyExchangeAlgorithm.DH_anon or KeyExchangeAlgorithm.ECDH_anon => true,
            KeyExchangeAlgorithm.PSK or KeyExchangeAlgorithm.DHE_PSK or KeyExchangeAlgorithm.ECDHE_PSK => state.Context.PskServerCallback is not null,
            KeyExchangeAlgorithm.RSA_PSK when state.Context.PskServerCallback is null => false,
            _ => state.Context.CertifiedKeys.Any(key => Authenticates(key.Key.Kind, keyExchange) && HasScheme(key)),
        };
    }

    private bool HasScheme(CertifiedKey key)
        => !TlsUtilities.IsTlsV12(m_context)
            || SupportedAlgorithms.Choose(state.Context, key.Key, m_context.SecurityParameters.ClientSigAlgs, tls13: false) >= 0;

    private SigningCredentials? Signer(IEnumerable<CertifiedKey> keys, SecurityParameters parameters)
        => Credentials.Choose(state.Context, keys, parameters.ClientSigAlgs, parameters.NegotiatedVersion, []);

    private DecryptingCredentials Decryptor()
    {
        CertifiedKey key = state.Context.CertifiedKeys.First(candidate => candidate.Key.Kind == KeyKind.Rsa);
        return new DecryptingCredentials(state.Crypto, key, Credentials.Chain(state.Context, key, tls13: false, []));
    }
}
