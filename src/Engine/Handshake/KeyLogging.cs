using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Context;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Handshake;

/// <summary>Writes a connection's secrets to the context's key log, with the labels of NSS's format and in OpenSSL's order.</summary>
internal sealed class KeyLogging(HandshakeState state)
{
    // What an encrypted premaster secret is found by: its first bytes.
    private const int PremasterNameLength = 8;

    private bool _handshakeKeysLogged;
    private byte[] _clientRandom = [];
    private byte[]? _clientHandshakeSecret;
    private SecurityParameters? _applicationKeys;

    /// <summary>Called when a client has encrypted its premaster secret for the server (RFC 5246 section 7.4.7.1).</summary>
    public void Encrypted(ReadOnlySpan<byte> premaster, ReadOnlySpan<byte> encrypted)
    {
        if (encrypted.Length >= PremasterNameLength)
        {
            state.Context.KeyLog?.Write("RSA", encrypted[..PremasterNameLength], premaster);
        }
    }

    /// <summary>Called for each new record protection: TLS 1.3 has two, the older versions one.</summary>
    public void KeysReady(SecurityParameters parameters)
    {
        _clientRandom = parameters.ClientRandom;
        if (state.Context.KeyLog is not { } log)
        {
            return;
        }

        if (!TlsUtilities.IsTlsV13(parameters.NegotiatedVersion))
        {
            Write(log, parameters, "CLIENT_RANDOM", parameters.MasterSecret);
        }
        else if (_handshakeKeysLogged)
        {
            // The exporter's secret, which goes before them, is derived after them: see Flush.
            _applicationKeys = parameters;
        }
        else
        {
            _handshakeKeysLogged = true;
            Write(log, parameters, "SERVER_HANDSHAKE_TRAFFIC_SECRET", parameters.TrafficSecretServer);
            _clientHandshakeSecret = NativeTlsSecret.Copy(parameters.TrafficSecretClient);
            if (state.IsServer)
            {
                WriteClientHandshakeSecret(log, parameters);
            }
        }
    }

    /// <summary>Writes the secrets of the application's traffic, once all of them are known: after each step, and when the handshake is done.</summary>
    public void Flush()
    {
        if (_applicationKeys is not { ExporterMasterSecret: { } exporter } parameters || state.Context.KeyLog is not { } log)
        {
            return;
        }

        _applicationKeys = null;
        Write(log, parameters, "EXPORTER_SECRET", exporter);
        Write(log, parameters, "SERVER_TRAFFIC_SECRET_0", parameters.TrafficSecretServer);
        WriteClientHandshakeSecret(log, parameters);
        Write(log, parameters, "CLIENT_TRAFFIC_SECRET_0", parameters.TrafficSecretClient);
    }

    /// <summary>Called when a KeyUpdate has changed one end's key.</summary>
    public void Updated(byte[] secret, bool ofServer)
        => state.Context.KeyLog?.Write(ofServer ? "SERVER_TRAFFIC_SECRET_N" : "CLIENT_TRAFFIC_SECRET_N", _clientRandom, secret);

    // A client takes its own handshake key into use last, after the server's Finished.
    private void WriteClientHandshakeSecret(KeyLogFile log, SecurityParameters parameters)
    {
        if (_clientHandshakeSecret is { } secret)
        {
            _clientHandshakeSecret = null;
            log.Write("CLIENT_HANDSHAKE_TRAFFIC_SECRET", parameters.ClientRandom, secret);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static void Write(KeyLogFile log, SecurityParameters parameters, string label, TlsSecret secret)
    {
        byte[] bytes = NativeTlsSecret.Copy(secret);
        log.Write(label, parameters.ClientRandom, bytes);
        CryptographicOperations.ZeroMemory(bytes);
    }
}
