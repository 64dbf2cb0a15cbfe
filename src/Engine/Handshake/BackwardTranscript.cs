using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;

namespace SslModule.Engine.Handshake;

/// <summary>
/// The transcript of a handshake that a hello in the format of SSL 2.0 began: it counts as it came, from its type on (RFC 5246 appendix E.2). What
/// BouncyCastle puts in for it is passed over.
/// </summary>
internal sealed class BackwardTranscript(TlsProtocol protocol, TlsHandshakeHash inner, int passedOver) : TlsHandshakeHash
{
    private int _left = passedOver;

    /// <summary>Has a protocol begin with a hello.</summary>
    /// <param name="protocol">The server's.</param>
    /// <param name="hello">The hello.</param>
    /// <param name="message">The length of the message that the protocol takes it for.</param>
    public static void Use(TlsProtocol protocol, byte[] hello, int message)
    {
        TlsHandshakeHash inner = OlderTranscript.Of(protocol);
        inner.Update(hello);
        OlderTranscript.Of(protocol) = new BackwardTranscript(protocol, inner, message);
    }

    /// <inheritdoc/>
    public void Update(byte[] input, int inOff, int length) => Update(input.AsSpan(inOff, length));

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<byte> input)
    {
        _left -= input.Length;
        if (_left <= 0)
        {
            OlderTranscript.Of(protocol) = inner;
        }
    }

    /// <inheritdoc/>
    public void CopyBufferTo(Stream output) => inner.CopyBufferTo(output);

    /// <inheritdoc/>
    public byte[] GetFinalHash(int cryptoHashAlgorithm) => inner.GetFinalHash(cryptoHashAlgorithm);

    /// <inheritdoc/>
    public TlsHash ForkPrfHash() => inner.ForkPrfHash();

    /// <inheritdoc/>
    public void ForceBuffering() => inner.ForceBuffering();

    /// <inheritdoc/>
    public void NotifyPrfDetermined() => inner.NotifyPrfDetermined();

    /// <inheritdoc/>
    public void TrackHashAlgorithm(int cryptoHashAlgorithm) => inner.TrackHashAlgorithm(cryptoHashAlgorithm);

    /// <inheritdoc/>
    public void SealHashAlgorithms() => inner.SealHashAlgorithms();

    /// <inheritdoc/>
    public void StopTracking() => inner.StopTracking();

    /// <inheritdoc/>
    public byte[] CalculateHash() => inner.CalculateHash();

    /// <inheritdoc/>
    public TlsHash CloneHash() => inner.CloneHash();

    /// <inheritdoc/>
    public void Reset() => inner.Reset();
}
