using System.Security.Cryptography;
using SslModule.Engine.Context;

namespace SslModule.Engine.Handshake;

/// <summary>Writes a connection's secrets to the context's key log, with the labels of NSS's format and in OpenSSL's order.</summary>
internal sealed class KeyLogging(HandshakeState state)
{
    // What an encrypted premaster secret is found by: its first bytes.
    private const int PremasterNameLength = 8;

    private byte[] _clientRandom = [];
    private byte[]? _clientHandshakeSecret;

    /// <summary>Called when a client has encrypted its premaster secret for the server (RFC 5246 section 7.4.7.1).</summary>
    public void Encrypted(ReadOnlySpan<byte> premaster, ReadOnlySpan<byte> encrypted)
    {
        if (encrypted.Length >= PremasterNameLength)
        {
            state.Context.KeyLog?.Write("RSA", encrypted[..PremasterNameLength], premaster);
        }
    }

    /// <summary>Called when a version before TLS 1.3 has its master secret.</summary>
    public void KeysReady(ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> master) => state.Context.KeyLog?.Write("CLIENT_RANDOM", clientRandom, master);

    /// <summary>Called for the first keys of TLS 1.3.</summary>
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

    /// <summary>Called for the keys of TLS 1.3's application data.</summary>
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

    /// <summary>Called when a KeyUpdate has changed one end's key.</summary>
    public void Updated(byte[] secret, bool ofServer)
        => state.Context.KeyLog?.Write(ofServer ? "SERVER_TRAFFIC_SECRET_N" : "CLIENT_TRAFFIC_SECRET_N", _clientRandom, secret);

    // A client takes its own handshake key into use last, after the server's Finished.
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
