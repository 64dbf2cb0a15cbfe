using Org.BouncyCastle.Tls;
using SslModule.Engine.Crypto;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using AlertLevel = SslModule.Engine.Wire.AlertLevel;
using ECPointFormat = SslModule.Engine.Wire.ECPointFormat;
using ExtensionType = SslModule.Engine.Wire.ExtensionType;
using ProtocolVersion = SslModule.Engine.Wire.ProtocolVersion;

namespace SslModule.Engine.Handshake;

/// <summary>BouncyCastle's server handshake of the versions before TLS 1.3, from a ClientHello on that <see cref="Tls13.Server13"/> has read.</summary>
/// <param name="state">The connection's facts.</param>
/// <param name="role">Its answers.</param>
/// <param name="version">What it will choose.</param>
/// <param name="helloLength">The length of the ClientHello, its header included.</param>
internal sealed partial class ServerProtocol(HandshakeState state, ServerRole role, int version, int helloLength) : TlsServerProtocol, IEngineProtocol
{
    /// <inheritdoc/>
    public void SendFatalAlert(byte description) => RaiseAlertFatal(description, "", null);

    /// <inheritdoc/>
    public LateProtocol Establish(RecordCipher cipher)
        => new ServerLate(state, cipher, tickets: null);

    /// <inheritdoc/>
    protected override ClientHello ReceiveClientHelloMessage(MemoryStream buf)
    {
        ClientHello hello = base.ReceiveClientHelloMessage(Readable(buf));
        KnownExtensions.Keep(hello.Extensions);
        if (hello.Extensions is { } extensions && extensions.ContainsKey((int)ExtensionType.ec_point_formats))
        {
            // RFC 8422 section 5.1.2 has every list name the uncompressed form. OpenSSL passes over a list that does not; what it
            // asks of the list was asked when a suite was chosen.
            TlsExtensionsUtilities.AddSupportedPointFormatsExtension(extensions, [ECPointFormat.uncompressed]);
        }

        return hello;
    }

    /// <inheritdoc/>
    protected override void BeginHandshake()
    {
        base.BeginHandshake();
        if (version == ProtocolVersion.TLSv12)
        {
            OlderTranscript.Use(this, state.Transcript, Context);
        }

        if (state.BackwardHello is { } hello)
        {
            BackwardTranscript.Use(this, hello, helloLength);
        }
    }

    /// <inheritdoc/>
    protected override void HandleException(short alertDescription, string message, Exception e)
        => base.HandleException(BouncyCastleTypes.AlertOf(e, alertDescription), message, e);

    /// <inheritdoc/>
    protected override void HandleAlertMessage(short alertLevel, short alertDescription)
    {
        // SSL 3.0's way to send no certificate (RFC 6101 section 5.5.2) is the one warning that BouncyCastle must see.
        bool isNoCertificate = alertDescription == (short)AlertDescription.no_certificate && state.Version == ProtocolVersion.SSLv3;
        if (isNoCertificate || !state.Alerts.Tolerates((AlertLevel)alertLevel, (AlertDescription)alertDescription))
        {
            base.HandleAlertMessage(isNoCertificate ? alertLevel : (short)AlertLevel.fatal, alertDescription);
        }
    }

    // BouncyCastle cannot read a version from the future, which is answered with the newest there is (RFC 5246 appendix E.1).
    private MemoryStream Readable(MemoryStream buf)
    {
        if (state.OfferedVersion <= ProtocolVersion.TLSv12)
        {
            return buf;
        }

        byte[] copy = MessageGuard.Body(buf).ToArray();
        (copy[0], copy[1]) = (3, 3);
        return new MemoryStream(copy, writable: false);
    }
}
