using System.Runtime.CompilerServices;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;

namespace SslModule.Engine.Handshake;

/// <summary>
/// The transcript of a TLS 1.2 handshake as BouncyCastle asks for it: the connection's own, hashed when a hash is asked for.
/// BouncyCastle's copies each message and doubles its room as it grows.
/// </summary>
internal sealed class OlderTranscript(Transcript messages, TlsContext context) : TlsHandshakeHash
{
    /// <summary>Has a protocol use it from here on; the messages so far are in the transcript.</summary>
    public static void Use(TlsProtocol protocol, Transcript messages, TlsContext context) => Of(protocol) = new OlderTranscript(messages, context);

    /// <summary>A protocol's own, for versions whose hash is made of two.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_handshakeHash")]
    public static extern ref TlsHandshakeHash Of(TlsProtocol protocol);

    /// <inheritdoc/>
    public void Update(byte[] input, int inOff, int length) => messages.Append(input.AsSpan(inOff, length));

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<byte> input) => messages.Append(input);

    /// <inheritdoc/>
    public void CopyBufferTo(Stream output) => output.Write(messages.Messages);

    /// <inheritdoc/>
    public byte[] GetFinalHash(int cryptoHashAlgorithm) => HashOf(cryptoHashAlgorithm).CalculateHash();

    /// <inheritdoc/>
    public TlsHash ForkPrfHash() => HashOf(context.SecurityParameters.PrfCryptoHashAlgorithm);

    /// <inheritdoc/>
    public void ForceBuffering()
    {
        // All is kept: any hash can be had at any time.
    }

    /// <inheritdoc/>
    public void NotifyPrfDetermined()
    {
        // The same.
    }

    /// <inheritdoc/>
    public void TrackHashAlgorithm(int cryptoHashAlgorithm)
    {
        // The same.
    }

    /// <inheritdoc/>
    public void SealHashAlgorithms()
    {
        // The same.
    }

    /// <inheritdoc/>
    public void StopTracking()
    {
        // The same.
    }

    /// <inheritdoc/>
    public byte[] CalculateHash() => throw new NotSupportedException();

    /// <inheritdoc/>
    public TlsHash CloneHash() => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Reset() => throw new NotSupportedException();

    private TlsHash HashOf(int algorithm)
    {
        TlsHash hash = context.Crypto.CreateHash(algorithm);
        hash.Update(messages.Messages);
        return hash;
    }
}
