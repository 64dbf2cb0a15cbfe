using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using SslModule.Engine.Connection;
using SslModule.Engine.Diagnostics;
using SslModule.Engine.Errors;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Streams;

/// <content>What the handshake settled.</content>
public sealed partial class TlsStream
{
    private X509Certificate2? _remoteCertificate;
    private X509Certificate2? _localCertificate;

    /// <summary>True once the handshake is complete.</summary>
    public override bool IsAuthenticated => _authenticated;

    /// <summary>True if both ends sent a certificate.</summary>
    public override bool IsMutuallyAuthenticated
        => _authenticated && _connection!.PeerCertificate is not null && _connection.LocalCertificate is not null;

    /// <summary>True once the handshake is complete, unless the suite does not encrypt.</summary>
    public override bool IsEncrypted => _authenticated && _connection!.Cipher is { StrengthBits: > 0 };

    /// <summary>True once the handshake is complete. Every suite authenticates its records.</summary>
    public override bool IsSigned => _authenticated;

    /// <summary>True on a server.</summary>
    public override bool IsServer => _connection?.ServerSide ?? false;

    /// <summary>The server name that the client requested; empty for none.</summary>
    public string TargetHostName
        => (_connection is null ? null : _connection.ServerSide ? _connection.RequestedServerName : _connection.ServerHostname) ?? string.Empty;

    /// <summary>The negotiated version.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public SslProtocols SslProtocol => HandshakeFacts.SslProtocol(Authenticated.VersionNumber);

    /// <summary>OpenSSL's name of the negotiated version, such as <c>TLSv1.3</c>.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public string Version => Authenticated.Version!;

    /// <summary>The negotiated cipher suite, by its IANA number.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public TlsCipherSuite NegotiatedCipherSuite => (TlsCipherSuite)Authenticated.Cipher!.Id;

    /// <summary>OpenSSL's name of the negotiated cipher suite, such as <c>ECDHE-RSA-AES256-GCM-SHA384</c>.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public string NegotiatedCipherSuiteName => Authenticated.Cipher!.Name;

    /// <summary>OpenSSL's name of the key-exchange group; null if none was used.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public string? NegotiatedGroup => Authenticated.Group;

    /// <summary>The negotiated ALPN protocol; the default value, which is empty, for none.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public SslApplicationProtocol NegotiatedApplicationProtocol
        => Authenticated.SelectedAlpn is { } name ? new SslApplicationProtocol(name) : default;

    /// <summary>True when a session was resumed.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public bool SessionReused => Authenticated.SessionReused;

    /// <summary>The peer's certificate; null if it sent none.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public X509Certificate2? RemoteCertificate => _remoteCertificate ??= Native(Authenticated.PeerCertificate);

    /// <summary>This end's certificate, without its key; null if it sent none.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public X509Certificate2? LocalCertificate => _localCertificate ??= Native(Authenticated.LocalCertificate);

    /// <summary>The transport context, which provides channel bindings to .NET's authentication.</summary>
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

    /// <summary>Returns channel binding data by its registered name.</summary>
    /// <param name="type"><c>tls-unique</c> or <c>tls-server-end-point</c> (RFC 5929), or <c>tls-exporter</c> (RFC 9266).</param>
    /// <returns>The data; null if the connection has none of that type.</returns>
    /// <exception cref="ArgumentException">The type is unknown.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
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

    /// <summary>Exports keying material that only the two ends of this connection can compute (RFC 5705, RFC 8446 section 7.5).</summary>
    /// <param name="label">The label, which identifies the use; ASCII.</param>
    /// <param name="context">The context value, to which the result is bound; null for none.</param>
    /// <param name="length">The length in bytes.</param>
    /// <returns>The keying material, or null where RFC 7627 section 5.4 forbids it.</returns>
    /// <exception cref="ArgumentException">The label is empty or not ASCII, or the context or the length is out of range.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
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
