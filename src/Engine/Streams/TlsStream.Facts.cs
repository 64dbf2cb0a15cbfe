using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Streams;

/// <content>What the handshake settled.</content>
public sealed partial class TlsStream
{
    private X509Certificate2? _remoteCertificate;
    private X509Certificate2? _localCertificate;

    /// <summary>True once the handshake is done.</summary>
    public override bool IsAuthenticated => _authenticated;

    /// <summary>True when both ends showed a certificate.</summary>
    public override bool IsMutuallyAuthenticated
        => _authenticated && _connection!.PeerCertificate is not null && _connection.LocalCertificate is not null;

    /// <summary>True once the handshake is done, but for a suite without encryption.</summary>
    public override bool IsEncrypted => _authenticated && _connection!.Cipher is { StrengthBits: > 0 };

    /// <summary>True once the handshake is done: every suite authenticates its records.</summary>
    public override bool IsSigned => _authenticated;

    /// <summary>True on a server.</summary>
    public override bool IsServer => _connection?.ServerSide ?? false;

    /// <summary>On a client the name that it asked for; on a server the name that the client asked for; empty where there is none.</summary>
    public string TargetHostName
        => (_connection is null ? null : _connection.ServerSide ? _connection.RequestedServerName : _connection.ServerHostname) ?? string.Empty;

    /// <summary>The version in use.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not done.</exception>
    public SslProtocols SslProtocol => Authenticated.Version switch
    {
        // The names of those before 1.2 are marked as obsolete.
        "SSLv3" => (SslProtocols)0x30,
        "TLSv1" => (SslProtocols)0xC0,
        "TLSv1.1" => (SslProtocols)0x300,
        "TLSv1.2" => SslProtocols.Tls12,
        "TLSv1.3" => SslProtocols.Tls13,
        _ => SslProtocols.None,
    };

    /// <summary>OpenSSL's name of the version in use, such as <c>TLSv1.3</c>.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not done.</exception>
    public string Version => Authenticated.Version!;

    /// <summary>The cipher suite in use, by its number in the registry.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not done.</exception>
    public TlsCipherSuite NegotiatedCipherSuite => (TlsCipherSuite)Authenticated.Cipher!.Id;

    /// <summary>OpenSSL's name of the cipher suite in use, such as <c>ECDHE-RSA-AES256-GCM-SHA384</c>.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not done.</exception>
    public string NegotiatedCipherSuiteName => Authenticated.Cipher!.Name;

    /// <summary>OpenSSL's name of the group that the keys were agreed on in; null where there was none.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not done.</exception>
    public string? NegotiatedGroup => Authenticated.Group;

    /// <summary>The negotiated ALPN protocol; the default value, which is empty, for none.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not done.</exception>
    public SslApplicationProtocol NegotiatedApplicationProtocol
        => Authenticated.SelectedAlpn is { } name ? new SslApplicationProtocol(name) : default;

    /// <summary>True when a session was resumed.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not done.</exception>
    public bool SessionReused => Authenticated.SessionReused;

    /// <summary>The peer's certificate; null when it showed none.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not done.</exception>
    public X509Certificate2? RemoteCertificate => _remoteCertificate ??= Native(Authenticated.PeerCertificate);

    /// <summary>The certificate that this end showed, without its key; null when it showed none.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not done.</exception>
    public X509Certificate2? LocalCertificate => _localCertificate ??= Native(Authenticated.LocalCertificate);

    /// <summary>Gives channel bindings in the form that .NET's authentication takes them in.</summary>
    public TransportContext TransportContext => new TlsTransportContext(this);

    private TlsConnection Authenticated
    {
        get
        {
            ThrowIfDisposed();
            ThrowUnlessAuthenticated();
            return _connection!;
        }
    }

    /// <summary>Channel binding data by its registered name.</summary>
    /// <param name="type"><c>tls-unique</c> or <c>tls-server-end-point</c> (RFC 5929), or <c>tls-exporter</c> (RFC 9266).</param>
    /// <returns>The bytes; null where the connection has none of that type.</returns>
    /// <exception cref="ArgumentException">The type is unknown.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not done.</exception>
    public byte[]? GetChannelBinding(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            return Authenticated.GetChannelBinding(type);
        }
        catch (TlsError error)
        {
            throw StreamErrors.OfArguments(error, nameof(type));
        }
    }

    /// <summary>Keys for the application that only the two ends of this connection can compute (RFC 5705, RFC 8446 section 7.5).</summary>
    /// <param name="label">Which use they have; ASCII.</param>
    /// <param name="context">What they are bound to besides; null for nothing.</param>
    /// <param name="length">How many bytes.</param>
    /// <returns>The bytes, or null where RFC 7627 section 5.4 forbids it.</returns>
    /// <exception cref="ArgumentException">The label is empty or not ASCII, the context or the length is out of range.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not done.</exception>
    public byte[]? ExportKeyingMaterial(string label, byte[]? context, int length)
    {
        ArgumentNullException.ThrowIfNull(label);
        try
        {
            return Authenticated.ExportKeyingMaterial(label, context, length);
        }
        catch (TlsError error)
        {
            throw StreamErrors.OfArguments(error, nameof(label));
        }
    }

    private static X509Certificate2? Native(Certificate? certificate)
        => certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.Encoded.Span);
}
