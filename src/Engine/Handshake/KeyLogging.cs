using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Context;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Handshake;

/// <summary>Writes a connection's secrets to the context's key log, with the labels of NSS's format.</summary>
internal sealed class KeyLogging(HandshakeState state)
{
    private bool _handshakeKeysLogged;

    /// <summary>Called for each new record protection: TLS 1.3 has two, the older versions one.</summary>
    public void KeysReady(SecurityParameters parameters)
    {
        if (state.Context.KeyLog is not { } log)
        {
            return;
        }

        if (!TlsUtilities.IsTlsV13(parameters.NegotiatedVersion))
        {
            Write(log, parameters, "CLIENT_RANDOM", parameters.MasterSecret);
        }
        else if (!_handshakeKeysLogged)
        {
            _handshakeKeysLogged = true;
            Write(log, parameters, "SERVER_HANDSHAKE_TRAFFIC_SECRET", parameters.TrafficSecretServer);
            Write(log, parameters, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", parameters.TrafficSecretClient);
        }
        else
        {
            Write(log, parameters, "SERVER_TRAFFIC_SECRET_0", parameters.TrafficSecretServer);
            Write(log, parameters, "CLIENT_TRAFFIC_SECRET_0", parameters.TrafficSecretClient);
        }
    }

    /// <summary>Called when the handshake is done: TLS 1.3's exporter secret is known by then.</summary>
    public void Completed(SecurityParameters parameters)
    {
        if (state.Context.KeyLog is { } log && TlsUtilities.IsTlsV13(parameters.NegotiatedVersion))
        {
            Write(log, parameters, "EXPORTER_SECRET", parameters.ExporterMasterSecret);
        }
    }

    /// <summary>Called when a KeyUpdate has changed one end's key.</summary>
    public void Updated(SecurityParameters parameters, bool ofServer)
    {
        if (state.Context.KeyLog is { } log)
        {
            Write(log, parameters, ofServer ? "SERVER_TRAFFIC_SECRET_N" : "CLIENT_TRAFFIC_SECRET_N", ofServer ? parameters.TrafficSecretServer : parameters.TrafficSecretClient);
        }
    }

    private static void Write(KeyLogFile log, SecurityParameters parameters, string label, TlsSecret secret)
    {
        byte[] bytes = NativeTlsSecret.Copy(secret);
        log.Write(label, parameters.ClientRandom, bytes);
        CryptographicOperations.ZeroMemory(bytes);
    }
}
