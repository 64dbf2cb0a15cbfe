using System.Text;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Connection;
using SslModule.Engine.Handshake;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>What a scripted server answers BouncyCastle, in any version: as its context says, and no more than the scripts need.</summary>
internal sealed class ScriptedServer(HandshakeState state, TlsCrypto crypto) : AbstractTlsServer(crypto), TlsPskIdentityManager
{
    private TlsContext Context => state.Context;

    public byte[]? GetHint() => Context.PskIdentityHintBytes;

    public byte[] GetPsk(byte[] identity) => Context.PskServerCallback!((TlsConnection)state.Connection, "")!.Value.ToArray();

    public override TlsPskIdentityManager GetPskIdentityManager() => this;

    public override bool ShouldCheckSigAlgOfPeerCerts() => false;

    // Of the groups that both ends have, one that the client has sent a share of.
    public override int[] GetSupportedGroups() => Context.Derived.Groups;

    public override TlsCredentials? GetCredentials()
    {
        SecurityParameters parameters = m_context.SecurityParameters;
        if (parameters.KeyExchangeAlgorithm is KeyExchangeAlgorithm.PSK)
        {
            return null;
        }

        return ScriptedSigner.Choose(state, m_context.Crypto, [Context.CertifiedKeys[0]], parameters.ClientSigAlgs, parameters.NegotiatedVersion.FullVersion);
    }

    public override CertificateRequest? GetCertificateRequest()
    {
        if (Context.VerifyMode == SslModule.Engine.Context.VerifyMode.None)
        {
            return null;
        }

        IList<SignatureAndHashAlgorithm> algorithms = ScriptedNumbers.Algorithms(Context.Derived.SignatureSchemes(ofClient: true, TestContexts.Tls12));
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

    protected override ProtocolVersion[] GetSupportedVersions() => ScriptedNumbers.Versions(Context.Derived.ServerVersions);

    protected override int[] GetSupportedCipherSuites() => Context.Derived.ServerSuites;
}

/// <summary>The same for a scripted client.</summary>
internal sealed class ScriptedClient(HandshakeState state, TlsCrypto crypto) : AbstractTlsClient(crypto), TlsAuthentication, TlsPskIdentity
{
    private TlsContext Context => state.Context;

    public override TlsAuthentication GetAuthentication() => this;

    public override bool ShouldCheckSigAlgOfPeerCerts() => false;

    public override TlsPskIdentity GetPskIdentity() => this;

    public override IList<int> GetEarlyKeyShareGroups() => Context.Derived.KeyShares;

    public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
    {
        // Nobody looks at it.
    }

    public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest)
    {
        return ScriptedSigner.Choose(state, m_context.Crypto, Context.CertifiedKeys, certificateRequest.SupportedSignatureAlgorithms, m_context.ServerVersion.FullVersion);
    }

    public void SkipIdentityHint()
    {
        // There is one identity whatever the hint.
    }

    public void NotifyIdentityHint(byte[] pskIdentityHint)
    {
        // There is one identity whatever the hint.
    }

    byte[] TlsPskIdentity.GetPskIdentity() => Context.PskClientCallback!((TlsConnection)state.Connection, null)!.Identity.ToArray();

    public byte[] GetPsk() => Context.PskClientCallback!((TlsConnection)state.Connection, null)!.Key.ToArray();

    protected override ProtocolVersion[] GetSupportedVersions() => ScriptedNumbers.Versions(Context.Derived.ClientVersions);

    protected override int[] GetSupportedCipherSuites() => Context.Derived.ClientSuites;

    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles) => Context.Derived.ClientGroups;

    protected override CertificateStatusRequest? GetCertificateStatusRequest() => null;

    protected override IList<ServerName> GetSniServerNames() => [new ServerName(NameType.host_name, Encoding.ASCII.GetBytes(state.ServerHostname!))];

    protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithms() => ScriptedNumbers.Algorithms(Context.Derived.SignatureSchemes(ofClient: false, TestContexts.Tls12));
}
