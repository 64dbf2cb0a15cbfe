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

    /// <summary>Returns channel binding data, or null before the handshake is complete and if the connection has none of that type.</summary>
    /// <param name="type">
    /// <c>tls-unique</c> or <c>tls-server-end-point</c> (RFC 5929), or <c>tls-exporter</c> (RFC 9266). Like OpenSSL, tls-unique
    /// returns the first Finished in TLS 1.3 too, where it is undefined.
    /// </param>
    /// <exception cref="TlsError">The type is unknown.</exception>
    public byte[]? GetChannelBinding(string type) => type switch
    {
        "tls-unique" => _state.TlsUnique,
        "tls-server-end-point" => _state.IsComplete ? ServerEndPoint(ServerSide ? _state.LocalCertificate : PeerCertificate) : null,
        "tls-exporter" => _state.Exporter?.Export(ExporterBindingLabel, [], ExporterBindingLength),
        _ => throw TlsError.Value($"'{type}' channel binding type not implemented"),
    };

    /// <summary>Exports keying material that only the two ends of this connection can compute (RFC 5705, RFC 8446 section 7.5).</summary>
    /// <param name="label">The label, which identifies the use; ASCII.</param>
    /// <param name="context">The context value, to which the result is bound; null for none.</param>
    /// <param name="length">The length in bytes.</param>
    /// <returns>The keying material, or null before the handshake is complete and where RFC 7627 section 5.4 forbids it.</returns>
    /// <exception cref="TlsError">The label is empty or not ASCII, or the context or the length is out of range.</exception>
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

    // RFC 5929 section 4.1: uses the hash of the certificate's signature, or SHA-256 instead of MD5 and SHA-1. Undefined if the signature has no single hash.
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
