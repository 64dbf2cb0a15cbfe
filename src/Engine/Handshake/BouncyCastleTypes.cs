using Org.BouncyCastle.Tls;
using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using Certificate = Org.BouncyCastle.Tls.Certificate;
using ProtocolVersion = Org.BouncyCastle.Tls.ProtocolVersion;

namespace SslModule.Engine.Handshake;

/// <summary>The engine's numbers and exceptions in the form of BouncyCastle's handshake of the versions before TLS 1.3, and back.</summary>
internal static class BouncyCastleTypes
{
    /// <summary>A version.</summary>
    public static ProtocolVersion Version(int version) => ProtocolVersion.Get(version >> 8, version & 0xFF);

    /// <summary>A list of versions.</summary>
    public static ProtocolVersion[] Versions(int[] versions) => Array.ConvertAll(versions, Version);

    /// <summary>A signature scheme.</summary>
    public static SignatureAndHashAlgorithm Algorithm(int scheme)
        => SignatureAndHashAlgorithm.GetInstance((short)(scheme >> 8), (short)(scheme & 0xFF));

    /// <summary>A list of signature schemes.</summary>
    public static SignatureAndHashAlgorithm[] Algorithms(int[] schemes) => Array.ConvertAll(schemes, Algorithm);

    /// <summary>A chain to send.</summary>
    public static Certificate Chain(IEnumerable<Certificates.Certificate> chain) => new([.. chain.Select(certificate => new PeerCertificate(certificate))]);

    /// <summary>What a step of BouncyCastle's has thrown, as the engine's own exception.</summary>
    /// <remarks>An exception of the engine's may have gone through BouncyCastle, and come out wrapped in one of its own.</remarks>
    public static Exception ToEngine(Exception exception) => exception switch
    {
        TlsFatalAlert { InnerException: FatalAlertException own } => own,
        TlsFatalAlert raised => new FatalAlertException((AlertDescription)raised.AlertDescription, raised.InnerException),
        TlsFatalAlertReceived received => new AlertReceivedException((AlertDescription)received.AlertDescription),
        _ => exception,
    };

    /// <summary>The alert that BouncyCastle is to send for an exception.</summary>
    /// <param name="exception">What ended the handshake.</param>
    /// <param name="description">What BouncyCastle would send: internal_error, of exceptions that it does not know.</param>
    public static short AlertOf(Exception? exception, short description)
        => exception is not null && ToEngine(exception) is FatalAlertException own ? (short)own.Alert : description;
}
