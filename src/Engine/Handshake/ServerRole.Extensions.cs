using Org.BouncyCastle.Asn1.Ocsp;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Context;
using CertificateStatusType = SslModule.Engine.Wire.CertificateStatusType;
using ExtensionType = SslModule.Engine.Wire.ExtensionType;

namespace SslModule.Engine.Handshake;

/// <content>The server's answers to extensions.</content>
internal sealed partial class ServerRole
{
    /// <inheritdoc/>
    public override bool ShouldUseExtendedMasterSecret() => !state.Bound.Has(TlsOptions.NoExtendedMasterSecret);

    /// <inheritdoc/>
    public override void GetServerExtensionsForConnection(IDictionary<int, byte[]> serverExtensions)
    {
        base.GetServerExtensionsForConnection(serverExtensions);
        if (Sessions.RenewsTicket)
        {
            serverExtensions[(int)ExtensionType.session_ticket] = [];
        }

        RecordLimits.Answer(state, m_clientExtensions, serverExtensions);
    }

    /// <inheritdoc/>
    public override CertificateStatus? GetCertificateStatus()
        => state.Context.OcspResponseBytes is { } response
            ? new CertificateStatus(CertificateStatusType.ocsp, OcspResponse.GetInstance(response))
            : null;

    /// <inheritdoc/>
    protected override bool AllowCertificateStatus() => state.WantsOcspResponse && state.Context.OcspResponseBytes is not null;
}
