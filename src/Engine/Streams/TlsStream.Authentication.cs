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

    /// <summary>On a client before the handshake: the session to resume, one of the same context. After it: the session that can be resumed; null for none.</summary>
    /// <remarks>The tickets of TLS 1.3 come behind the handshake: take the session after the first read.</remarks>
    /// <exception cref="InvalidOperationException">It is set when the handshake has begun.</exception>
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

    /// <summary>Shakes hands as a client.</summary>
    /// <param name="context">Which versions, ciphers, certificates and trust; <see cref="TlsProtocolSelection.TlsClient"/> verifies the server.</param>
    /// <param name="targetHost">
    /// The server's name or address: the one that is asked for and that its certificate must have. A name outside ASCII goes as
    /// its A-label; a dot at the end is left out. Null where the context does not check names.
    /// </param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The two ends found no agreement, or the server's certificate was refused.</exception>
    /// <exception cref="IOException">The stream below failed or ended.</exception>
    /// <exception cref="ArgumentException">The context is a server's, or the name is none.</exception>
    /// <exception cref="InvalidOperationException">There was a handshake before.</exception>
    public void AuthenticateAsClient(TlsContext context, string? targetHost)
        => AuthenticateAsync<SynchronousCalls>(context, serverSide: false, targetHost, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc cref="AuthenticateAsClient(TlsContext, string?)"/>
    /// <param name="context">Which versions, ciphers, certificates and trust.</param>
    /// <param name="targetHost">The server's name or address; null where the context does not check names.</param>
    /// <param name="cancellationToken">Ends the handshake, and with it the use of the stream.</param>
    public Task AuthenticateAsClientAsync(TlsContext context, string? targetHost, CancellationToken cancellationToken = default)
        => AuthenticateAsync<AsynchronousCalls>(context, serverSide: false, targetHost, cancellationToken);

    /// <summary>Shakes hands as a server.</summary>
    /// <param name="context">
    /// Certificates, versions, ciphers; <see cref="TlsContext.VerifyMode"/> says whether clients must show a certificate, and
    /// <see cref="TlsContext.ServerNameCallback"/> chooses by the name asked for.
    /// </param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The two ends found no agreement, or the client's certificate was refused.</exception>
    /// <exception cref="IOException">The stream below failed or ended.</exception>
    /// <exception cref="ArgumentException">The context is a client's.</exception>
    /// <exception cref="InvalidOperationException">There was a handshake before.</exception>
    public void AuthenticateAsServer(TlsContext context)
        => AuthenticateAsync<SynchronousCalls>(context, serverSide: true, null, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc cref="AuthenticateAsServer(TlsContext)"/>
    /// <param name="context">Certificates, versions, ciphers.</param>
    /// <param name="cancellationToken">Ends the handshake, and with it the use of the stream.</param>
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
            await ShakeHandsAsync<TCalls>(cancellationToken).ConfigureAwait(false);
            _authenticated = true;
        }
        catch (Exception exception) when (_connection is not null)
        {
            _failedHandshake ??= exception;
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
            var connection = new TlsConnection(context, serverSide, serverSide ? null : Normalized(targetHost));
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

    private async Task ShakeHandsAsync<TCalls>(CancellationToken cancellationToken)
        where TCalls : IStreamCalls
    {
        while (!TryShakeHands(out Exception? failure))
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
            // What the alert is about is what the caller must hear.
        }
    }

    private bool TryShakeHands(out Exception? failure)
    {
        ThrowIfDisposed();
        failure = null;
        try
        {
            return _connection!.Handshake() == TlsStatus.Complete;
        }
        catch (TlsError error)
        {
            failure = StreamErrors.OfHandshake(error);
        }
        catch (Exception exception)
        {
            // A callback's own.
            failure = exception;
        }

        return false;
    }

    /// <summary>Sends what a step of the handshake has written.</summary>
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
            // A client that wants no ticket may have gone, and a server that refuses the client's certificate has said so: the
            // next read takes that in, and the next write fails.
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
