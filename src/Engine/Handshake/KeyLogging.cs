using System.Security.Cryptography;
using SslModule.Engine.Context;

namespace SslModule.Engine.Handshake;

/// <summary>Writes a connection's secrets to the context's key log, with the labels of NSS's format and in OpenSSL's order.</summary>
internal sealed class KeyLogging(HandshakeState state)
{
    // The key log identifies an RSA-encrypted premaster secret by its first eight bytes.
    private const int PremasterNameLength = 8;

    private byte[] _clientRandom = [];
    private byte[]? _clientHandshakeSecret;

    /// <summary>Logs a client's RSA premaster secret (RFC 5246 section 7.4.7.1).</summary>
    public void Encrypted(ReadOnlySpan<byte> premaster, ReadOnlySpan<byte> encrypted)
    {
        if (encrypted.Length >= PremasterNameLength)
        {
            state.Context.KeyLog?.Write("RSA", encrypted[..PremasterNameLength], premaster);
        }
    }

    /// <summary>Logs the master secret of TLS 1.2 or earlier.</summary>
    public void KeysReady(ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> master) => state.Context.KeyLog?.Write("CLIENT_RANDOM", clientRandom, master);

    /// <summary>Logs the handshake traffic secrets of TLS 1.3.</summary>
    public void HandshakeKeysReady(ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> client, ReadOnlySpan<byte> server)
    {
        _clientRandom = clientRandom.ToArray();
        if (state.Context.KeyLog is not { } log)
        {
            return;
        }

        log.Write("SERVER_HANDSHAKE_TRAFFIC_SECRET", _clientRandom, server);
        _clientHandshakeSecret = client.ToArray();
        if (state.IsServer)
        {
            WriteClientHandshakeSecret(log);
        }
    }

    /// <summary>Logs the application traffic secrets and the exporter secret of TLS 1.3.</summary>
    public void ApplicationKeysReady(ReadOnlySpan<byte> exporter, ReadOnlySpan<byte> client, ReadOnlySpan<byte> server)
    {
        if (state.Context.KeyLog is { } log)
        {
            log.Write("EXPORTER_SECRET", _clientRandom, exporter);
            log.Write("SERVER_TRAFFIC_SECRET_0", _clientRandom, server);
            WriteClientHandshakeSecret(log);
            log.Write("CLIENT_TRAFFIC_SECRET_0", _clientRandom, client);
        }
    }

    /// <summary>Logs a traffic secret after a KeyUpdate.</summary>
    public void Updated(byte[] secret, bool ofServer)
        => state.Context.KeyLog?.Write(ofServer ? "SERVER_TRAFFIC_SECRET_N" : "CLIENT_TRAFFIC_SECRET_N", _clientRandom, secret);

    // Written late: a client installs its own handshake key last, after the server's Finished.
    private void WriteClientHandshakeSecret(KeyLogFile log)
    {
        if (_clientHandshakeSecret is { } secret)
        {
            _clientHandshakeSecret = null;
            log.Write("CLIENT_HANDSHAKE_TRAFFIC_SECRET", _clientRandom, secret);
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
