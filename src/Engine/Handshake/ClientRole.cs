using System.Net;
using System.Text;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Crypto;
using ServerName = Org.BouncyCastle.Tls.ServerName;

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
        => Credentials.Signer(
            state,
            state.Context.CertifiedKeys,
            certificateRequest.SupportedSignatureAlgorithms?.Select(SchemeCodes.From).ToArray(),
            m_context.ServerVersion.FullVersion);

    /// <inheritdoc/>
    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        IDictionary<int, byte[]> extensions = base.GetClientExtensions();
        if (state.Context.PostHandshakeAuth && GetSupportedVersions().Contains(ProtocolVersion.TLSv13))
        {
            extensions[ExtensionType.post_handshake_auth] = [];
        }

        LeaveOutSwitchedOff(extensions);
        AddSessionExtensions(extensions);
        RecordLimits.Offer(state, extensions, GetSupportedVersions().Any(TlsUtilities.IsTlsV13));
        return extensions;
    }

    /// <inheritdoc/>
    public override TlsDHGroupVerifier GetDHGroupVerifier() => new DhGroups(state);

    /// <inheritdoc/>
    public override bool ShouldUseCompatibilityMode() => (state.Context.Options & (ulong)TlsOptions.EnableMiddleboxCompat) != 0;

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
        if (!secureRenegotiation && ((TlsOptions)state.Context.Options & TlsOptions.LegacyServerConnect) == 0)
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
        if (signed && state.Version < 0x0303 && !SupportedAlgorithms.AllowsLegacySignatures(state.Context))
        {
            throw state.Fail("LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED", AlertDescription.internal_error);
        }
    }

    /// <inheritdoc/>
    public override bool IsFallback() => state.Context.SendFallbackScsv;

    /// <inheritdoc/>
    public override void NotifyHandshakeComplete() => Completion.Record(state, m_context);

    /// <inheritdoc/>
    protected override ProtocolVersion[] GetSupportedVersions() => state.Context.Prepared.ClientVersions;

    /// <inheritdoc/>
    protected override int[] GetSupportedCipherSuites() => state.Context.Prepared.ClientSuites;

    /// <inheritdoc/>
    protected override IList<ProtocolName>? GetProtocolNames()
        => state.Context.AlpnProtocols.Count == 0 ? null : [.. state.Context.AlpnProtocols.Select(name => ProtocolName.AsRawBytes(name))];

    /// <inheritdoc/>
    protected override IList<ServerName>? GetSniServerNames()
        => state.ServerHostname is { } name && !IPAddress.TryParse(name, out _)
            ? [new ServerName(NameType.host_name, Encoding.ASCII.GetBytes(name))]
            : null;

    /// <inheritdoc/>
    protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithms()
        => state.Context.Prepared.SignatureAlgorithms(ofClient: false);
}
