using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Handshake;

/// <content>
/// A HelloRetryRequest that asks for a cookie and no other key share (RFC 8446 section 4.1.4). BouncyCastle insists on a
/// group: it is told one that was offered, and the shares it then makes give way to those of the first ClientHello.
/// </content>
internal sealed partial class ClientProtocol
{
    private IDictionary<int, TlsAgreement>? _keptAgreements;
    private byte[]? _keptShares;

    /// <inheritdoc/>
    protected override void Process13HelloRetryRequest(ServerHello helloRetryRequest)
    {
        IDictionary<int, byte[]>? extensions = helloRetryRequest.Extensions;
        if (extensions is null || extensions.ContainsKey(ExtensionType.key_share) || m_clientAgreements is null)
        {
            base.Process13HelloRetryRequest(helloRetryRequest);
            return;
        }

        if (!extensions.ContainsKey(ExtensionType.cookie))
        {
            throw state.Fail(TlsError.Ssl("SSL", "NO_CHANGE_FOLLOWING_HRR", (byte)AlertDescription.illegal_parameter));
        }

        _keptAgreements = m_clientAgreements;
        _keptShares = m_clientHello.Extensions[ExtensionType.key_share];
        m_clientAgreements = new Dictionary<int, TlsAgreement>();
        var withGroup = new Dictionary<int, byte[]>(extensions);
        TlsExtensionsUtilities.AddKeyShareHelloRetryRequest(withGroup, _keptAgreements.Keys.First());
        base.Process13HelloRetryRequest(new ServerHello(
            helloRetryRequest.Version, helloRetryRequest.Random, helloRetryRequest.SessionID, helloRetryRequest.CipherSuite, withGroup));
    }

    /// <summary>Puts the first ClientHello's shares into the second, where the server asked for no others.</summary>
    private void KeepShares()
    {
        if (_keptAgreements is not null)
        {
            m_clientHello.Extensions[ExtensionType.key_share] = _keptShares!;
            (m_clientAgreements, _keptAgreements, _keptShares) = (_keptAgreements, null, null);
        }
    }
}
