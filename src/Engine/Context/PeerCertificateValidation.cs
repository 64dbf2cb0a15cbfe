using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SslModule.Engine.Errors;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Context;

/// <summary>What <see cref="TlsContext.RemoteCertificateValidationCallback"/> decides on: the peer's certificate, and what the engine found.</summary>
public sealed class PeerCertificateValidation
{
    private readonly IReadOnlyList<Certificate> _sent;
    private readonly IReadOnlyList<Certificate> _chain;
    private X509Certificate2? _certificate;
    private X509Certificate2[]? _sentCertificates;
    private X509Certificate2[]? _chainCertificates;

    internal PeerCertificateValidation(IReadOnlyList<Certificate> sent, IReadOnlyList<Certificate> chain, TlsError? error, SslPolicyErrors policyErrors, bool isResumed)
        => (_sent, _chain, Error, PolicyErrors, IsResumed) = (sent, chain, error, policyErrors, isResumed);

    /// <summary>The peer's certificate; null if it sent none.</summary>
    public X509Certificate2? Certificate => _certificate ??= Leaf is { } leaf ? Native(leaf) : null;

    /// <summary>The chain that verification built, from the peer's certificate to the trusted one, or as far as it came. It says nothing where <see cref="Error"/> is set.</summary>
    public IReadOnlyList<X509Certificate2> Chain => _chainCertificates ??= [.. _chain.Select(Native)];

    /// <summary>The certificates that the peer sent, its own first. Any peer can send any certificates of others.</summary>
    public IReadOnlyList<X509Certificate2> SentCertificates => _sentCertificates ??= [.. _sent.Select(Native)];

    /// <summary>
    /// Why the engine refuses the certificate; null if it accepts. It is the first fault in OpenSSL's order: what is checked after it was
    /// not checked, so that its code alone is no reason to accept.
    /// </summary>
    public TlsError? Error { get; }

    /// <summary>
    /// The verdict as SslStream has it. The name of the server and the chain are judged apart, so that both may be set. Where a
    /// certificate is required and there is none, it is RemoteCertificateNotAvailable.
    /// </summary>
    public SslPolicyErrors PolicyErrors { get; }

    /// <summary>
    /// True if a session is resumed. The peer has then proven to have taken part in the handshake before, whose certificate this is,
    /// and the engine does not verify it again.
    /// </summary>
    public bool IsResumed { get; }

    /// <summary>The peer's certificate; null if it sent none.</summary>
    internal Certificate? Leaf => _sent.Count > 0 ? _sent[0] : null;

    private static X509Certificate2 Native(Certificate certificate) => X509CertificateLoader.LoadCertificate(certificate.Encoded.Span);
}
