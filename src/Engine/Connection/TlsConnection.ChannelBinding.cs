using System.Security.Cryptography;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Connection;

/// <content>Channel bindings and exported keys.</content>
public sealed partial class TlsConnection
{
    private const string ExporterBindingLabel = "EXPORTER-Channel-Binding";
    private const int ExporterBindingLength = 32;
    private const int LongestContext = 0xFFFF;

    /// <summary>Channel binding data, or null before the handshake and where the connection has none of that type.</summary>
    /// <param name="type">
    /// <c>tls-unique</c> or <c>tls-server-end-point</c> (RFC 5929), or <c>tls-exporter</c> (RFC 9266). As in OpenSSL's answer,
    /// tls-unique in TLS 1.3 is the first Finished too, though RFC 8446 leaves it undefined.
    /// </param>
    /// <exception cref="TlsError">The type is unknown.</exception>
    public byte[]? GetChannelBinding(string type) => type switch
    {
        "tls-unique" => _state.TlsUnique,
        "tls-server-end-point" => _state.IsComplete ? ServerEndPoint(ServerSide ? _state.LocalCertificate : PeerCertificate) : null,
        "tls-exporter" => _state.Exporter?.Export(ExporterBindingLabel, [], ExporterBindingLength),
        _ => throw TlsError.Value($"'{type}' channel binding type not implemented"),
    };

    /// <summary>Keys for the application that only the two ends of this connection can compute (RFC 5705, RFC 8446 section 7.5).</summary>
    /// <param name="label">Which use they have; ASCII.</param>
    /// <param name="context">What they are bound to besides; null for nothing.</param>
    /// <param name="length">How many bytes.</param>
    /// <returns>The bytes, or null before the handshake is done and where RFC 7627 section 5.4 forbids it.</returns>
    /// <exception cref="TlsError">The label is empty or not ASCII, the context or the length is out of range.</exception>
    public byte[]? ExportKeyingMaterial(string label, byte[]? context, int length)
    {
        if (label.Length is 0 or > 249 || !System.Text.Ascii.IsValid(label))
        {
            throw TlsError.Value("the label must be 1 to 249 ASCII characters");
        }

        if (context is { Length: > LongestContext } || length is < 1 or > 255 * 32)
        {
            throw TlsError.Value("the context or the length is out of range");
        }

        return _state.Exporter?.Export(label, context, length);
    }

    // RFC 5929 section 4.1: the hash of the signature, SHA-256 where that is MD5 or SHA-1; undefined where there is no such hash.
    private static byte[]? ServerEndPoint(Certificate? certificate)
    {
        if (certificate is null || CertificateSignature.HashOf(certificate.SignatureAlgorithm) is not { } hash)
        {
            return null;
        }

        bool broken = hash == HashAlgorithmName.MD5 || hash == HashAlgorithmName.SHA1;
        return HashNames.HashData(broken ? HashAlgorithmName.SHA256 : hash, certificate.Encoded.Span);
    }
}
