using Org.BouncyCastle.Tls.Crypto;

namespace SslModule.Engine.Crypto;

/// <summary>
/// A hash over the handshake transcript. .NET's incremental hash cannot be duplicated, so the bytes are kept and hashed
/// in one native call when asked. Copies share the bytes until one of them changes what another can see.
/// </summary>
internal sealed class TranscriptHash : TlsHash
{
    private const int FirstLength = 1024;

    private readonly int _algorithm;
    private byte[] _bytes;
    private int _length;

    // Only the first owner may write behind its length, and nobody before it once there are copies.
    private bool _borrowed;
    private bool _lent;

    /// <summary>A hash of nothing yet.</summary>
    public TranscriptHash(int algorithm)
        : this(algorithm, new byte[FirstLength], 0)
    {
    }

    private TranscriptHash(int algorithm, byte[] bytes, int length)
    {
        _algorithm = algorithm;
        _bytes = bytes;
        _length = length;
    }

    /// <inheritdoc/>
    public void Update(byte[] input, int inOff, int length) => Update(input.AsSpan(inOff, length));

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<byte> input)
    {
        if (_borrowed || _length + input.Length > _bytes.Length)
        {
            byte[] own = new byte[Math.Max(FirstLength, Math.Max(_bytes.Length, 2 * (_length + input.Length)))];
            _bytes.AsSpan(0, _length).CopyTo(own);
            _bytes = own;
            _borrowed = _lent = false;
        }

        input.CopyTo(_bytes.AsSpan(_length));
        _length += input.Length;
    }

    /// <inheritdoc/>
    public byte[] CalculateHash()
    {
        byte[] digest = HashAlgorithms.Hash(_algorithm, _bytes.AsSpan(0, _length));
        Reset();
        return digest;
    }

    /// <inheritdoc/>
    public TlsHash CloneHash()
    {
        _lent = true;
        return new TranscriptHash(_algorithm, _bytes, _length) { _borrowed = true };
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _length = 0;
        _borrowed |= _lent;
    }
}
