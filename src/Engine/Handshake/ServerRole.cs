using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using Certificate = Org.BouncyCastle.Tls.Certificate;
using ClientCertificateType = SslModule.Engine.Wire.ClientCertificateType;
using NamedGroup = SslModule.Engine.Wire.NamedGroup;
using ProtocolVersion = Org.BouncyCastle.Tls.ProtocolVersion;

namespace SslModule.Engine.Handshake;

/// <summary>The server's answers to BouncyCastle's handshake of the versions before TLS 1.3: version, suite, certificate, and what it asks of the client.</summary>
/// <param name="state">The connection's facts.</param>
/// <param name="sessions">The server's part in resumption.</param>
/// <param name="hello">The ClientHello; what it looks at may be gone.</param>
/// <param name="version">The version that was settled on.</param>
internal sealed partial class ServerRole(HandshakeState state, ServerSessions sessions, ReceivedHello hello, int version) : AbstractTlsServer(state.Crypto)
{
    private readonly ProtocolVersion _chosen = BouncyCastleTypes.Version(version);
    private TlsCredentials? _credentials;

    /// <inheritdoc/>
    public override bool ShouldCheckSigAlgOfPeerCerts() => false;

    /// <inheritdoc/>
    public override int GetMaxHandshakeMessageSize() => HandshakeMessages.LongestClientHello;

    /// <inheritdoc/>
    public override int GetMaxCertificateChainLength() => byte.MaxValue;

    /// <inheritdoc/>
    public override bool AllowLegacyResumption() => true;

    /// <inheritdoc/>
    public override void NotifySecureRenegotiation(bool secureRenegotiation)
    {
        // A client without RFC 5746 is served: the engine never renegotiates, so there is nothing to attack.
    }

    /// <inheritdoc/>
    public override ProtocolVersion GetServerVersion()
    {
        state.Version = version;
        return _chosen;
    }

    /// <inheritdoc/>
    public override int[] GetCipherSuites()
        => SuiteChoice.Prioritized(state.Bound, GetSupportedCipherSuites(), m_offeredCipherSuites ?? []);

    /// <inheritdoc/>
    public override int[] GetSupportedGroups() => state.Prepared.Groups;

    /// <inheritdoc/>
    public override bool PreferLocalSupportedGroups() => SupportedAlgorithms.PrefersOwn(state.Bound);

    /// <inheritdoc/>
    public override TlsDHConfig GetDHConfig()
        => state.Bound.Credentials.DhParameters is { } group
            ? new TlsDHConfig(new DHGroup(group.Prime, null, group.Generator, 0))
            : throw new FatalAlertException(AlertDescription.internal_error);

    /// <inheritdoc/>
    public override TlsECConfig GetECDHConfig() => new(state.Group = SharedCurves().First());

    /// <inheritdoc/>
    public override int GetSelectedCipherSuite()
    {
        try
        {
            int suite = base.GetSelectedCipherSuite();
            state.Cipher = CipherSuites.ById(suite);
            if (state is { Cipher.Au: "RSA" or "ECDSA", Version: < 0x0303 } && !SupportedAlgorithms.AllowsLegacySignatures(state.Bound.Credentials))
            {
                throw state.Fail("NO_SUITABLE_SIGNATURE_ALGORITHM", AlertDescription.internal_error);
            }

            _credentials = CredentialsFor(TlsUtilities.GetKeyExchangeAlgorithm(suite));
            return suite;
        }
        catch (TlsFatalAlert alert) when (alert.AlertDescription == (short)AlertDescription.handshake_failure && state.Failure is null)
        {
            throw state.Fail(TlsError.Ssl("SSL", "NO_SHARED_CIPHER", (byte)AlertDescription.handshake_failure));
        }
    }

    /// <inheritdoc/>
    public override TlsCredentials? GetCredentials() => _credentials;

    // With the suite, before anything is sent.
    private TlsCredentials? CredentialsFor(int exchange) => exchange switch
    {
        KeyExchangeAlgorithm.DH_anon or KeyExchangeAlgorithm.ECDH_anon
            or KeyExchangeAlgorithm.PSK or KeyExchangeAlgorithm.DHE_PSK or KeyExchangeAlgorithm.ECDHE_PSK => null,
        KeyExchangeAlgorithm.RSA or KeyExchangeAlgorithm.RSA_PSK => Decryptor(),
        _ => Signer(exchange),
    };

    /// <inheritdoc/>
    public override CertificateRequest? GetCertificateRequest()
    {
        if (state.Bound.Demand.Mode == VerifyMode.None)
        {
            return null;
        }

        IList<X509Name> authorities = [.. state.Context.ClientAuthorities.Select(name => X509Name.GetInstance(name.ToArray()))];
        return new CertificateRequest(
            [ClientCertificateType.rsa_sign, ClientCertificateType.dss_sign, ClientCertificateType.ecdsa_sign],
            state.Version == 0x0303 ? BouncyCastleTypes.Algorithms(state.Prepared.SignatureSchemes(ofClient: true)) : null,
            authorities);
    }

    /// <inheritdoc/>
    public override void NotifyClientCertificate(Certificate clientCertificate) => PeerVerification.Check(state, clientCertificate);

    /// <inheritdoc/>
    public override void NotifyHandshakeComplete() => Completion.Record(state, m_context);

    /// <inheritdoc/>
    public override ProtocolVersion[] GetProtocolVersions()
    {
        // BouncyCastle marks the random of a Server Hello below the best of these (RFC 8446 section 4.1.3). OpenSSL leaves it
        // unmarked where TLS 1.2 is switched off between others, lest a client that has it be turned away.
        ProtocolVersion[] enabled = GetSupportedVersions();
        return version < 0x0303 && !enabled.Contains(ProtocolVersion.TLSv12) ? [_chosen] : enabled;
    }

    /// <inheritdoc/>
    protected override ProtocolVersion[] GetSupportedVersions() => BouncyCastleTypes.Versions(state.Prepared.ServerVersions);

    /// <inheritdoc/>
    protected override int[] GetSupportedCipherSuites() => state.Prepared.ServerSuites;

    /// <inheritdoc/>
    protected override bool PreferLocalCipherSuites() => SupportedAlgorithms.PrefersOwn(state.Bound);

    /// <inheritdoc/>
    protected override bool AllowEncryptThenMac() => !state.Bound.Has(TlsOptions.NoEncryptThenMac);

    /// <inheritdoc/>
    protected override bool IsSelectableCipherSuite(int cipherSuite, int availCurveBits, int availFiniteFieldBits, IList<short> sigAlgs)
        => TlsUtilities.IsValidVersionForCipherSuite(cipherSuite, m_context.ServerVersion) && HasGroupFor(cipherSuite) && HasCredentialsFor(cipherSuite);

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

    // RFC 5246 section 7.4.1.4.1: who does not name any takes SHA-1.
    private int[] Schemes => hello.Schemes ?? SupportedAlgorithms.LegacySchemes;

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
            KeyExchangeAlgorithm.DH_anon or KeyExchangeAlgorithm.ECDH_anon => true,
            KeyExchangeAlgorithm.PSK or KeyExchangeAlgorithm.DHE_PSK or KeyExchangeAlgorithm.ECDHE_PSK => state.Bound.MayHaveServerPsk,
            KeyExchangeAlgorithm.RSA_PSK when !state.Bound.MayHaveServerPsk => false,
            _ => Array.Exists(state.Bound.Credentials.Keys, key => Authenticates(key.Key.Kind, keyExchange) && IsUsable(key)),
        };
    }

    // RFC 5246 section 7.4.2, RFC 8422 section 5.1. As in OpenSSL an RSA key counts whatever signatures the client reads.
    private bool IsUsable(CertifiedKey key) => key.Key.Kind switch
    {
        KeyKind.Rsa => true,
        KeyKind.Ec => KnowsCurve(key) && MaySign(key) && (state.Version < 0x0303 || SignsBySharedScheme(key)),
        _ => state.Version == 0x0303 && SignsBySharedScheme(key),
    };

    private bool KnowsCurve(CertifiedKey key)
        => (hello.Groups?.Contains(GroupNames.OfKey(key.Key)) ?? true) && hello.TakesPlainPoints;

    private static bool MaySign(CertifiedKey key)
        => key.Chain[0].Extensions.KeyUsage is not { } usage || (usage & KeyUsages.DigitalSignature) != 0;

    private bool SignsBySharedScheme(CertifiedKey key)
    {
        foreach (int scheme in state.Prepared.SignatureSchemes(ofClient: false))
        {
            if (SupportedAlgorithms.Fits(key.Key, scheme, tls13: false) && Schemes.Contains(scheme))
            {
                return true;
            }
        }

        return false;
    }

    private SigningCredentials Signer(int exchange)
        => SigningCredentials.Choose(state, state.Bound.Credentials.Keys.Where(key => Authenticates(key.Key.Kind, exchange) && IsUsable(key)), Schemes, state.Version, hello.CertificateSchemes)
            ?? throw state.Fail("NO_SUITABLE_SIGNATURE_ALGORITHM", AlertDescription.handshake_failure);

    // DHE has a group only where the application loaded one, as in Python's ssl over OpenSSL.
    private bool HasGroupFor(int cipherSuite) => TlsUtilities.GetKeyExchangeAlgorithm(cipherSuite) switch
    {
        KeyExchangeAlgorithm.ECDHE_RSA or KeyExchangeAlgorithm.ECDHE_ECDSA or KeyExchangeAlgorithm.ECDH_anon or KeyExchangeAlgorithm.ECDHE_PSK
            => SharedCurves().Any(),
        KeyExchangeAlgorithm.DHE_RSA or KeyExchangeAlgorithm.DHE_DSS or KeyExchangeAlgorithm.DH_anon or KeyExchangeAlgorithm.DHE_PSK
            => state.Bound.Credentials.DhParameters is not null,
        _ => true,
    };

    private IEnumerable<int> SharedCurves()
        => SupportedAlgorithms.SharedGroups(state, hello.Groups).Where(NamedGroup.IsCurve);

    private DecryptingCredentials Decryptor()
    {
        // It signs nothing; OpenSSL asks for a scheme all the same.
        CertifiedKey key = state.Bound.Credentials.Keys.First(candidate => candidate.Key.Kind == KeyKind.Rsa);
        _ = Credentials.Choose(state, [key], Schemes, state.Version, hello.CertificateSchemes) ?? throw state.Fail("NO_SUITABLE_SIGNATURE_ALGORITHM", AlertDescription.handshake_failure);
        state.OwnSignature = null;
        return new DecryptingCredentials(state, key, BouncyCastleTypes.Chain(Credentials.Chain(state.Context, key)));
    }
}
