using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Handshake.Tls13;

namespace SslModule.Engine.Handshake;

/// <summary>The resumption master secret of TLS 1.3 (RFC 8446 section 7.1), from which the PSK of each ticket is derived.</summary>
internal sealed class ResumptionSecret
{
    private readonly byte[] _secret;
    private readonly int _hash;

    /// <summary>Derives it from the master secret and the whole transcript.</summary>
    public ResumptionSecret(HandshakeSecrets secrets, ReadOnlySpan<byte> transcriptHash)
    {
        _hash = secrets.Hash;
        _secret = new byte[secrets.Length];
        secrets.Derive("res master", transcriptHash, _secret);
    }

    /// <summary>Derives the PSK of the ticket with this nonce (RFC 8446 section 4.6.1).</summary>
    public byte[] Psk(ReadOnlySpan<byte> nonce)
    {
        byte[] psk = new byte[_secret.Length];
        KeySchedule.ExpandLabel(_hash, _secret, "resumption", nonce, psk);
        return psk;
    }

    /// <summary>Zeroes the secret when no more tickets are expected.</summary>
    public void Destroy() => CryptographicOperations.ZeroMemory(_secret);
}
