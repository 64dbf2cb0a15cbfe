using System.Buffers.Binary;
using System.Net;
using System.Text;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Context;
using CertificateStatusType = SslModule.Engine.Wire.CertificateStatusType;
using ExtensionType = SslModule.Engine.Wire.ExtensionType;
using ProtocolVersion = SslModule.Engine.Wire.ProtocolVersion;

namespace SslModule.Engine.Handshake;

/// <content>The client's extensions.</content>
internal sealed partial class ClientRole
{
    // A name, a ticket, and what BouncyCastle adds itself.
    private const int MostAdded = 8;

    /// <inheritdoc/>
    public override bool ShouldUseExtendedMasterSecret() => !state.Bound.Has(TlsOptions.NoExtendedMasterSecret);

    /// <inheritdoc/>
    protected override CertificateStatusRequest? GetCertificateStatusRequest()
        => state.Bound.AsksForOcspResponse ? new CertificateStatusRequest(CertificateStatusType.ocsp, new OcspStatusRequest(null, null)) : null;

    /// <inheritdoc/>
    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        Dictionary<int, byte[]> prepared = state.Prepared.ClientExtensions ??= Prepare();
        var extensions = new Dictionary<int, byte[]>(prepared.Count + MostAdded);
        AddServerName(extensions);
        foreach ((int type, byte[] data) in prepared)
        {
            extensions.Add(type, data);
        }

        AddTicket(extensions);
        return extensions;
    }

    /// <summary>What every hello of the context has.</summary>
    private Dictionary<int, byte[]> Prepare()
    {
        var extensions = (Dictionary<int, byte[]>)base.GetClientExtensions();
        bool tls13 = state.Prepared.ClientVersions[0] == ProtocolVersion.TLSv13;
        if (tls13 && state.Bound.OffersPostHandshakeAuth)
        {
            extensions[(int)ExtensionType.post_handshake_auth] = [];
        }

        if (state.Bound.Has(TlsOptions.NoEncryptThenMac))
        {
            extensions.Remove((int)ExtensionType.encrypt_then_mac);
        }

        if (tls13)
        {
            // A server may send tickets only to a client that says how it would use them (RFC 8446 section 4.2.9).
            TlsExtensionsUtilities.AddPskKeyExchangeModesExtension(extensions, GetPskKeyExchangeModes());
        }

        RecordLimits.Offer(state, extensions, tls13);
        return extensions;
    }

    private void AddServerName(Dictionary<int, byte[]> extensions)
    {
        if (state.ServerHostname is { } name && !IPAddress.TryParse(name, out _))
        {
            // One name of the kind host_name (RFC 6066 section 3).
            byte[] data = new byte[2 + 1 + 2 + name.Length];
            BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)(data.Length - 2));
            BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(3), (ushort)name.Length);
            Encoding.ASCII.GetBytes(name, data.AsSpan(5));
            extensions.Add((int)ExtensionType.server_name, data);
        }
    }
}
