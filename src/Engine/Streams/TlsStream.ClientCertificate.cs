using System.Security.Authentication;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Streams;

/// <content>A client's certificate after the handshake.</content>
public sealed partial class TlsStream
{
    /// <summary>
    /// On a server of TLS 1.3: asks the client for its certificate after the handshake (RFC 8446 section 4.6.2), and waits for the answer,
    /// which is then in <see cref="RemoteCertificate"/>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The context's <see cref="TlsContext.VerifyMode"/> was Optional or Required at the handshake, and its <see
    /// cref="TlsContext.PostHandshakeAuth"/> true, so that the handshake did not ask. With Required, a client that sends no certificate
    /// is refused and the connection ends; with Optional, <see cref="RemoteCertificate"/> stays null.
    /// </para>
    /// <para>
    /// What was received before must have been read. What the client sends before it answers, up to 1 MiB, is kept for later reads. No
    /// read and no write may be in progress. A cancelled call takes nothing back: a later read processes the answer, or another call
    /// waits for it.
    /// </para>
    /// </remarks>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="AuthenticationException">
    /// The client's answer was refused. Or the client does not offer to answer (browsers do not): the reason of the inner <see
    /// cref="TlsError"/> is <c>EXTENSION_NOT_RECEIVED</c>, and the connection can still be used.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// This is a client, the client's certificate is known, received data are unread, the context does not ask clients for certificates,
    /// or it was called after <see cref="ShutdownAsync"/>.
    /// </exception>
    /// <exception cref="IOException">The connection or the inner stream failed or ended.</exception>
    /// <exception cref="NotSupportedException">The version is TLS 1.2 or older, where a server would have to renegotiate; or a read or a write is in progress.</exception>
    public async Task NegotiateClientCertificateAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        const Operations Both = Operations.Read | Operations.Write;
        Enter(Both);
        try
        {
            RequestClientCertificate();
            await RunAsync<AsynchronousCalls>(static connection => connection.AwaitClientCertificate(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(Both);
        }
    }

    private void RequestClientCertificate()
    {
        TlsConnection connection = _connection!;
        string? refused = connection switch
        {
            { ServerSide: false } => "A client cannot ask the server for another certificate.",
            { PeerCertificate: not null } => "The client's certificate is known already.",
            { VerifyMode: VerifyMode.None } => "The context asks no client for a certificate: its VerifyMode must be Optional or Required.",
            { SentCloseNotify: true } => "Nothing can be asked after ShutdownAsync.",
            { IsClientCertificateRequested: true } => null,
            _ when _hasPeeked || connection.Pending > 0 || connection.InputLength > 0 => "Received data must be read before the client is asked for its certificate.",
            _ => null,
        };
        if (refused is not null)
        {
            throw new InvalidOperationException(refused);
        }

        if (SslProtocol != SslProtocols.Tls13)
        {
            throw new NotSupportedException("Before TLS 1.3 only a renegotiation could ask for the client's certificate, and servers of this engine do not renegotiate.");
        }

        if (connection.IsClientCertificateRequested)
        {
            return;
        }

        try
        {
            connection.RequestClientCertificate();
        }
        catch (TlsError error) when (error.Reason == "EXTENSION_NOT_RECEIVED")
        {
            throw new AuthenticationException("The client does not offer to authenticate itself after the handshake.", error);
        }
        catch (TlsError error) when (error.Reason == "STILL_IN_INIT")
        {
            // The connection has failed after its handshake: the wait throws the failure again.
        }
        catch (TlsError error)
        {
            throw new InvalidOperationException(error.Message, error);
        }
    }
}
