using Org.BouncyCastle.Tls;
using SslModule.Engine.Context;

namespace SslModule.Engine.Handshake;

/// <content>The client's extensions.</content>
internal sealed partial class ClientRole
{
    /// <inheritdoc/>
    public override bool ShouldUseExtendedMasterSecret() => (state.Context.Options & (ulong)TlsOptions.NoExtendedMasterSecret) == 0;

    /// <inheritdoc/>
    protected override CertificateStatusRequest? GetCertificateStatusRequest()
        => state.Context.RequestOcspResponse ? new CertificateStatusRequest(CertificateStatusType.ocsp, new OcspStatusRequest(null, null)) : null;

    private void LeaveOutSwitchedOff(IDictionary<int, byte[]> extensions)
    {
        if ((state.Context.Options & (ulong)TlsOptions.NoEncryptThenMac) != 0)
        {
            extensions.Remove(ExtensionType.encrypt_then_mac);
        }
    }
}
