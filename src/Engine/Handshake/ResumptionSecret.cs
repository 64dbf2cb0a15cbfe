using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Handshake;

/// <summary>TLS 1.3's resumption master secret (RFC 8446 section 7.1), from which each ticket's PSK comes.</summary>
internal sealed class ResumptionSecret
{
    private readonly byte[] _secret;
    private readonly int _hash;

    /// <summary>Derives it from the whole handshake; call it before BouncyCastle clears its parameters.</summary>
    public ResumptionSecret(HandshakeState state, SecurityParameters parameters)
    {
        _hash = parameters.PrfCryptoHashAlgorithm;
        byte[] transcript = state.Transcript.Hash(_hash);
        _secret = NativeTlsSecret.Copy(TlsCryptoUtilities.HkdfExpandLabel(parameters.MasterSecret, _hash, "res master", transcript, transcript.Length));
    }

    /// <summary>The PSK of the ticket with this nonce (RFC 8446 section 4.6.1).</summary>
    public byte[] Psk(ReadOnlySpan<byte> nonce)
    {
        byte[] psk = new byte[_secret.Length];
        KeySchedule.ExpandLabel(_hash, _secret, "resumption", nonce, psk);
        return psk;
    }

    /// <summary>Zeroes it when no more tickets can come.</summary>
    public void Destroy() => CryptographicOperations.ZeroMemory(_secret);
}
