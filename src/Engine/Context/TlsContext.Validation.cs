using SslModule.Engine.Connection;

namespace SslModule.Engine.Context;

/// <content>Validation of certificates by the application.</content>
public sealed partial class TlsContext
{
    /// <summary>
    /// Called in each handshake to accept (true) or refuse (false) the peer's certificate, whatever the engine has found. It can refuse
    /// what the engine accepts, for pinning. It can also accept what the engine refuses: <b>a callback that returns true without
    /// comparing the certificate switches authentication off</b>, and anybody on the way can read and change what is sent.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A client calls it once in each handshake: also when a session is resumed, also when <see cref="VerifyMode"/> is None, and without a
    /// certificate when a pre-shared key or an anonymous suite takes its place. A server calls it once where it asks for certificates
    /// (<see cref="VerifyMode"/> is Optional or Required): with a null certificate for a client that shows none, when a session is resumed, and
    /// in post-handshake authentication. A renegotiation is another handshake.
    /// </para>
    /// <para>
    /// It is called once and not for each fault, as OpenSSL's is: see <see cref="PeerCertificateValidation.Error"/>. Within a handshake the peer
    /// has not proven yet that the certificate is its own: that follows, and nothing is to be done with the certificate in the callback but compare it. A
    /// session whose certificate the callback accepted against the engine is not resumed.
    /// </para>
    /// <para>
    /// A refusal ends the handshake with an alert and a <see cref="Errors.TlsError"/>: the engine's own if it refuses too, else one with the verify code
    /// 50, "application verification failure". An exception is a refusal, and its <see cref="Exception.InnerException"/>. The callback
    /// must not use the connection's steps. Over a <see cref="Streams.TlsStream"/> the connection's <see cref="TlsConnection.Owner"/> is that stream.
    /// </para>
    /// </remarks>
    public Func<TlsConnection, PeerCertificateValidation, bool>? RemoteCertificateValidationCallback { get; set; }
}
