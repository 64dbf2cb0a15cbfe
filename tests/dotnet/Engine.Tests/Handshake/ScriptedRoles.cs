using System.Text;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Crypto;
using SslModule.Engine.Handshake;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>What a scripted server answers BouncyCastle, in any version: as its context says, and no more than the scripts need.</summary>
internal sealed class ScriptedServer(HandshakeState state) : AbstractTlsServer(state.Crypto), TlsPskIdentityManager
{
    private TlsContext Context => state.Context;

    public byte[]? GetHint() => Context.PskIdentityHintBytes;

    public byte[] GetPsk(byte[] identity) => Context.PskServerCallback!(state.Connection, "")!.Value.ToArray();

    public override TlsPskIdentityManager GetPskIdentityManager() => this;

    public override bool ShouldCheckSigAlgOfPeerCerts() => false;

    // Of the groups that both ends have, one that the client has sent a share of.
    public override int[] GetSupportedGroups() => Context.Prepared.Groups;

    public override TlsCredentials? GetCredentials()
    {
        SecurityParameters parameters = m_context.SecurityParameters;
        if (parameters.KeyExchangeAlgorithm is KeyExchangeAlgorithm.PSK)
        {
            return null;
        }

        var key = Context.CertifiedKeys[0];
        int version = parameters.NegotiatedVersion.FullVersion;
        (_, int? scheme) = Credentials.Choose(state, [key], [.. parameters.ClientSigAlgs.Select(HashVerifier.SchemeOf)], version)!.Value;
        TlsCertificate[] chain = BouncyCastleTypes.Chain(Credentials.Chain(Context, key)).GetCertificateList();
        return new SigningCredentials(key, scheme, version == 0x0304
            ? new Certificate([], Array.ConvertAll(chain, entry => new CertificateEntry(entry, null)))
            : new Certificate(chain));
    }

    public override CertificateRequest? GetCertificateRequest()
    {
        if (Context.VerifyMode == SslModule.Engine.Context.VerifyMode.None)
        {
            return null;
        }

        IList<SignatureAndHashAlgorithm> algorithms = BouncyCastleTypes.Algorithms(Context.Prepared.SignatureSchemes(ofClient: true));
        return TlsUtilities.IsTlsV13(m_context)
            ? new CertificateRequest([], algorithms, null, null)
            : new CertificateRequest([ClientCertificateType.ecdsa_sign], algorithms, new List<X509Name>());
    }

    public override void GetServerExtensionsForConnection(IDictionary<int, byte[]> serverExtensions)
    {
        base.GetServerExtensionsForConnection(serverExtensions);
        if (m_clientExtensions.ContainsKey(ExtensionType.record_size_limit))
        {
            serverExtensions[ExtensionType.record_size_limit] = [0x40, 0x01];
            serverExtensions.Remove(ExtensionType.max_fragment_length);
        }
    }

    public override void NotifyClientCertificate(Certificate clientCertificate)
    {
        // Nobody looks at it.
    }

    protected override ProtocolVersion[] GetSupportedVersions() => BouncyCastleTypes.Versions(Context.Prepared.ServerVersions);

    protected override int[] GetSupportedCipherSuites() => Context.Prepared.ServerSuites;
}

/// <summary>The same for a scripted client.</summary>
internal sealed class ScriptedClient(HandshakeState state) : AbstractTlsClient(state.Crypto), TlsAuthentication, TlsPskIdentity
{
    private TlsContext Context => state.Context;

    public override TlsAuthentication GetAuthentication() => this;

    public override bool ShouldCheckSigAlgOfPeerCerts() => false;

    public override TlsPskIdentity GetPskIdentity() => this;

    public override IList<int> GetEarlyKeyShareGroups() => Context.Prepared.KeyShares;

    public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
    {
        // Nobody looks at it.
    }

    public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest)
    {
        int version = m_context.ServerVersion.FullVersion;
        if (Credentials.Choose(state, Context.CertifiedKeys, certificateRequest.SupportedSignatureAlgorithms?.Select(HashVerifier.SchemeOf).ToArray(), version) is not { } chosen)
        {
            return null;
        }

        TlsCertificate[] chain = BouncyCastleTypes.Chain(Credentials.Chain(Context, chosen.Key)).GetCertificateList();
        return new SigningCredentials(chosen.Key, chosen.Scheme, version == 0x0304
            ? new Certificate([], Array.ConvertAll(chain, entry => new CertificateEntry(entry, null)))
            : new Certificate(chain));
    }

    public void SkipIdentityHint()
    {
        // There is one identity whatever the hint.
    }

    public void NotifyIdentityHint(byte[] pskIdentityHint)
    {
        // There is one identity whatever the hint.
    }

    byte[] TlsPskIdentity.GetPskIdentity() => Context.PskClientCallback!(state.Connection, null)!.Identity.ToArray();

    public byte[] GetPsk() => Context.PskClientCallback!(state.Connection, null)!.Key.ToArray();

    protected override ProtocolVersion[] GetSupportedVersions() => BouncyCastleTypes.Versions(Context.Prepared.ClientVersions);

    protected override int[] GetSupportedCipherSuites() => Context.Prepared.ClientSuites;

    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles) => Context.Prepared.ClientGroups;

    protected override CertificateStatusRequest? GetCertificateStatusRequest() => null;

    protected override IList<ServerName> GetSniServerNames() => [new ServerName(NameType.host_name, Encoding.ASCII.GetBytes(state.ServerHostname!))];

    protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithms() => BouncyCastleTypes.Algorithms(Context.Prepared.SignatureSchemes(ofClient: false));
}
