using System.Globalization;
using System.Net;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;

namespace SslModule.Engine.Streams;

/// <content>The handshake.</content>
public sealed partial class TlsStream
{
    private TlsSession? _sessionToResume;

    /// <summary>On a client before the handshake: the session to resume, from the same context. After it: the resumable session of this connection; null for none.</summary>
    /// <remarks>A TLS 1.3 server sends tickets after the handshake, so get the session after the first read.</remarks>
    /// <exception cref="InvalidOperationException">It is set after the handshake has started.</exception>
    public TlsSession? Session
    {
        get => _connection is null ? _sessionToResume : _connection.Session;
        set
        {
            if (_connection is not null)
            {
                throw new InvalidOperationException("The session to resume is named before the handshake.");
            }

            _sessionToResume = value;
        }
    }

    /// <summary>Performs the handshake as a client.</summary>
    /// <param name="context">The settings: versions, ciphers, certificates and trust. <see cref="TlsProtocolSelection.TlsClient"/> verifies the server.</param>
    /// <param name="targetHost">
    /// The server's name or IP address, which is sent to the server and must match its certificate. A name outside ASCII is
    /// converted to its A-label; a trailing dot is removed. Null if the context does not check names.
    /// </param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The negotiation failed, or the server's certificate was rejected.</exception>
    /// <exception cref="IOException">The inner stream failed or ended.</exception>
    /// <exception cref="ArgumentException">The context is for servers, or the name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The handshake has already been started.</exception>
    public void AuthenticateAsClient(TlsContext context, string? targetHost)
        => AuthenticateAsync<SynchronousCalls>(context, serverSide: false, targetHost, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc cref="AuthenticateAsClient(TlsContext, string?)"/>
    /// <param name="context">The settings: versions, ciphers, certificates and trust.</param>
    /// <param name="targetHost">The server's name or IP address; null if the context does not check names.</param>
    /// <param name="cancellationToken">Cancels the handshake. The stream cannot be used afterwards.</param>
    public Task AuthenticateAsClientAsync(TlsContext context, string? targetHost, CancellationToken cancellationToken = default)
        => AuthenticateAsync<AsynchronousCalls>(context, serverSide: false, targetHost, cancellationToken);

    /// <summary>Performs the handshake as a server.</summary>
    /// <param name="context">
    /// The settings: certificates, versions and ciphers. <see cref="TlsContext.VerifyMode"/> determines whether clients must send a
    /// certificate, and <see cref="TlsContext.ServerNameCallback"/> selects settings by the requested server name.
    /// </param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The negotiation failed, or the client's certificate was rejected.</exception>
    /// <exception cref="IOException">The inner stream failed or ended.</exception>
    /// <exception cref="ArgumentException">The context is for clients.</exception>
    /// <exception cref="InvalidOperationException">The handshake has already been started.</exception>
    public void AuthenticateAsServer(TlsContext context)
        => AuthenticateAsync<SynchronousCalls>(context, serverSide: true, null, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc cref="AuthenticateAsServer(TlsContext)"/>
    /// <param name="context">The settings: certificates, versions and ciphers.</param>
    /// <param name="cancellationToken">Cancels the handshake. The stream cannot be used afterwards.</param>
    public Task AuthenticateAsServerAsync(TlsContext context, CancellationToken cancellationToken = default)
        => AuthenticateAsync<AsynchronousCalls>(context, serverSide: true, null, cancellationToken);

    private async Task AuthenticateAsync<TCalls>(TlsContext context, bool serverSide, string? targetHost, CancellationToken cancellationToken)
        where TCalls : IStreamCalls
    {
        ArgumentNullException.ThrowIfNull(context);
        cancellationToken.ThrowIfCancellationRequested();
        Enter(Operations.Authenticate);
        try
        {
            Connect(context, serverSide, targetHost);
            await RunAsync<TCalls>(static connection => connection.Handshake(), cancellationToken).ConfigureAwait(false);
            _authenticated = true;
        }
        catch (Exception exception) when (_connection is not null)
        {
            _failedHandshake ??= exception;
            _connection.HandshakeAbandoned(exception);
            throw;
        }
        finally
        {
            Leave(Operations.Authenticate);
        }
    }

    private void Connect(TlsContext context, bool serverSide, string? targetHost)
    {
        if (_connection is not null)
        {
            throw new InvalidOperationException("This stream has had its handshake.");
        }

        try
        {
            var connection = new TlsConnection(context, serverSide, serverSide ? null : Normalized(targetHost)) { Owner = this };
            if (_sessionToResume is not null)
            {
                connection.Session = _sessionToResume;
            }

            _output = new StreamOutput(InnerStream, connection);
            _connection = connection;
        }
        catch (TlsError error)
        {
            string parameter = error.Kind == TlsErrorKind.Value && _sessionToResume is null ? nameof(targetHost) : nameof(context);
            throw StreamErrors.OfArguments(error, parameter);
        }
    }

    private static string? Normalized(string? host)
    {
        if (host is null || System.Text.Ascii.IsValid(host))
        {
            return host is { Length: > 1 } && host[^1] == '.' && !IPAddress.TryParse(host, out _) ? host[..^1] : host;
        }

        try
        {
            return Normalized(new IdnMapping().GetAscii(host));
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException("The host name has no form in ASCII.", "targetHost", exception);
        }
    }

    /// <summary>Runs the steps of a handshake, or of what follows one, until they are complete.</summary>
    private async Task RunAsync<TCalls>(Func<TlsConnection, TlsStatus> step, CancellationToken cancellationToken)
        where TCalls : IStreamCalls
    {
        while (!TryStep(step, out Exception? failure))
        {
            if (failure is not null)
            {
                await SendAlertAsync<TCalls>(cancellationToken).ConfigureAwait(false);
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }

            await SendFlightAsync<TCalls>(cancellationToken).ConfigureAwait(false);
            await ReceiveAsync<TCalls>(withoutBuffer: false, cancellationToken).ConfigureAwait(false);
        }

        await SendFlightAsync<TCalls>(cancellationToken).ConfigureAwait(false);
    }

    private async Task SendAlertAsync<TCalls>(CancellationToken cancellationToken)
        where TCalls : IStreamCalls
    {
        try
        {
            await SendFlightAsync<TCalls>(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The error behind the alert is reported, not the failure to send it.
        }
    }

    private bool TryStep(Func<TlsConnection, TlsStatus> step, out Exception? failure)
    {
        ThrowIfDisposed();
        failure = null;
        try
        {
            return step(_connection!) == TlsStatus.Complete;
        }
        catch (TlsError error)
        {
            failure = StreamErrors.OfHandshake(error);
        }
        catch (Exception exception)
        {
            // An exception of a callback.
            failure = exception;
        }

        return false;
    }

    /// <summary>Sends the output of a handshake step.</summary>
    private async Task SendFlightAsync<TCalls>(CancellationToken cancellationToken)
        where TCalls : IStreamCalls
    {
        if (_connection!.OutputLength == 0)
        {
            return;
        }

        await _output!.EnterAsync<TCalls>(cancellationToken).ConfigureAwait(false);
        try
        {
            await _output.SendAsync<TCalls>(flush: true, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException) when (_connection.IsHandshakeComplete && !_disposed)
        {
            // A client may have closed before the tickets were sent, and a server that rejected the client's certificate has sent an
            // alert. The next read processes the alert, and the next write fails.
        }
        catch (Exception exception) when (StreamErrors.OfInnerStream(exception, _disposed, cancellationToken) is { } translated)
        {
            throw translated;
        }
        finally
        {
            _output.Leave();
        }
    }
}
