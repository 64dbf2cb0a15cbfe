using IronPython.Runtime;
using SslModule.Engine.Certificates;
using EngineCertificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.IronPython;

/// <content>Certificate.</content>
public static partial class PythonSsl
{
    private const int EncodingPem = 1;
    private const int EncodingDer = 2;

    [PythonType]
    [Documentation("A certificate of a connection.")]
    public sealed class Certificate
    {
        private readonly EngineCertificate _certificate;

        internal Certificate(EngineCertificate certificate) => _certificate = certificate;

        public object public_bytes() => public_bytes(EncodingPem);

        [Documentation("public_bytes(format=ENCODING_PEM): PEM text or DER bytes.")]
        public object public_bytes(object? format) => Values.Int32(format) switch
        {
            EncodingPem => Pem.Encode("CERTIFICATE", _certificate.Encoded.Span),
            EncodingDer => new Bytes(_certificate.Encoded.ToArray()),
            _ => throw Values.ValueError("Unsupported format"),
        };

        [Documentation("get_info(): the certificate as getpeercert() gives it.")]
        public PythonDictionary get_info() => CertificateValues.Decoded(_certificate);

        public string __repr__() => $"<_ssl.Certificate '{_certificate.SubjectText}'>";

        public bool __eq__(object? other) => Equals(other);

        public bool __ne__(object? other) => !Equals(other);

        public int __hash__() => GetHashCode();

        public override bool Equals(object? obj) => obj is Certificate other && _certificate.Encoded.Span.SequenceEqual(other._certificate.Encoded.Span);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(_certificate.Encoded.Span);
            return hash.ToHashCode();
        }
    }
}
