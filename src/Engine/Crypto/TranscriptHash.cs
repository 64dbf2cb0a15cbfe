using Org.BouncyCastle.Tls.Crypto;

namespace SslModule.Engine.Crypto;

/// <summary>
/// A hash over the handshake transcript. .NET's incremental hash cannot be duplicated, so the bytes are kept and hashed
/// in one native call when asked.
/// </summary>
internal sealed class TranscriptHash(int algorithm) : TlsHash
{
    private byte[] _bytes = new byte[1024];
    private int _length;

    /// <inheritdoc/>
    public void Update(byte[] input, int inOff, int length) => Update(input.AsSpan(inOff, length));

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<byte> input)
    {
        if (_length + input.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + input.Length));
        }

        input.CopyTo(_bytes.AsSpan(_length));
        _length += input.Length;
    }

    /// <inheritdoc/>
    public byte[] CalculateHash()
    {
        byte[] digest = HashAlgorithms.Hash(algorithm, _bytes.AsSpan(0, _length));
        _length = 0;
        return digest;
    }

    /// <inheritdoc/>
    public TlsHash CloneHash()
    {
        var clone = new TranscriptHash(algorithm);
        clone.Update(_bytes.AsSpan(0, _length));
        return clone;
    }

    /// <inheritdoc/>
    public void Reset() => _length = 0;
}
