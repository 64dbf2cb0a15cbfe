using System.Buffers;
using Org.BouncyCastle.Tls.Crypto;

namespace SslModule.Engine.Crypto;

/// <summary>
/// A hash over the handshake transcript. .NET's incremental hash cannot be duplicated, so the bytes are kept and hashed
/// in one native call when asked. Copies share the bytes until one of them changes what another can see. The bytes lie in a
/// pooled array, which <see cref="Release"/> gives back when the handshake is over.
/// </summary>
internal sealed class TranscriptHash : TlsHash
{
    private const int FirstLength = 256;

    private readonly int _algorithm;
    private byte[] _bytes;
    private int _length;

    // Only the first owner may write behind its length, and nobody before it once there are copies.
    private bool _borrowed;
    private bool _lent;

    /// <summary>A hash of nothing yet.</summary>
    public TranscriptHash(int algorithm)
        : this(algorithm, [], 0)
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
            byte[] own = ArrayPool<byte>.Shared.Rent(Math.Max(FirstLength, 2 * (_length + input.Length)));
            _bytes.AsSpan(0, _length).CopyTo(own);
            GiveBack();
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
        GiveBack();
        _bytes = [];
        _length = 0;
        _borrowed = _lent = false;
    }

    /// <summary>Ends its use and that of its copies.</summary>
    public void Release()
    {
        _lent = false;
        Reset();
    }

    // An array that copies look at is left to the garbage collector.
    private void GiveBack()
    {
        if (_bytes.Length > 0 && !_borrowed && !_lent)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
