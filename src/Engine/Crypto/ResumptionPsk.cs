using Org.BouncyCastle.Tls.Crypto;

namespace SslModule.Engine.Crypto;

/// <summary>
/// A PSK that came from a ticket. BouncyCastle knows external PSKs only, whose binder label differs (RFC 8446 section 7.1):
/// this type marks the key so that the early secret made from it answers with "res binder".
/// </summary>
internal sealed class ResumptionPsk(NativeTlsCrypto crypto, byte[] data) : NativeTlsSecret(crypto, data);

/// <summary>The early secret of a resumed handshake.</summary>
internal sealed class ResumptionEarlySecret(NativeTlsCrypto crypto, byte[] data) : NativeTlsSecret(crypto, data)
{
    /// <inheritdoc/>
    public override TlsSecret HkdfExpand(int cryptoHashAlgorithm, ReadOnlySpan<byte> info, int length)
    {
        int at = info.IndexOf("ext binder"u8);
        if (at < 0)
        {
            return base.HkdfExpand(cryptoHashAlgorithm, info, length);
        }

        byte[] patched = info.ToArray();
        "res"u8.CopyTo(patched.AsSpan(at));
        return base.HkdfExpand(cryptoHashAlgorithm, patched, length);
    }
}
