using System.Buffers;
using Org.BouncyCastle.Tls.Crypto;

namespace SslModule.Engine.Crypto;

/// <summary>
/// A hash over the handshake transcript. .NET's incremental hash cannot be duplicated, so the bytes are kept and hashed
/// in one native call when asked. Copies share the bytes until one of them changes what another can see. The bytes lie in a
/// pooled array, which goes back when the last of them has been finished or <see cref="Release">released</see>.
/// </summary>
internal sealed class TranscriptHash : TlsHash
{
    // Room for most handshakes.
    private const int FirstLength = 4096;

    private readonly int _algorithm;
    private readonly List<TranscriptHash>? _all;
    private Shared? _shared;
    private int _length;

    // Only the first owner may write behind its length, and nobody before it.
    private bool _borrowed;

    /// <summary>A hash of nothing yet.</summary>
    /// <param name="algorithm">BouncyCastle's number.</param>
    /// <param name="all">Where it and its copies are noted, for whoever releases them; null for nobody.</param>
    public TranscriptHash(int algorithm, List<TranscriptHash>? all = null)
    {
        (_algorithm, _all) = (algorithm, all);
        all?.Add(this);
    }

    private ReadOnlySpan<byte> Bytes => _shared is null ? [] : _shared.Bytes.AsSpan(0, _length);

    /// <inheritdoc/>
    public void Update(byte[] input, int inOff, int length) => Update(input.AsSpan(inOff, length));

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<byte> input)
    {
        if (_borrowed || _shared is null || _length + input.Length > _shared.Bytes.Length)
        {
            var own = new Shared(ArrayPool<byte>.Shared.Rent(Math.Max(FirstLength, 2 * (_length + input.Length))));
            Bytes.CopyTo(own.Bytes);
            _shared?.Leave();
            (_shared, _borrowed) = (own, false);
        }

        input.CopyTo(_shared.Bytes.AsSpan(_length));
        _length += input.Length;
    }

    /// <inheritdoc/>
    public byte[] CalculateHash()
    {
        byte[] digest = HashAlgorithms.Hash(_algorithm, Bytes);
        Reset();
        return digest;
    }

    /// <inheritdoc/>
    public TlsHash CloneHash()
    {
        _shared?.Enter();
        return new TranscriptHash(_algorithm, _all) { _shared = _shared, _length = _length, _borrowed = true };
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _shared?.Leave();
        (_shared, _length, _borrowed) = (null, 0, false);
    }

    /// <summary>Ends its use.</summary>
    public void Release() => Reset();

    /// <summary>An array, and how many hashes look at it. One that is forgotten keeps it from the pool, and harms nothing.</summary>
    private sealed class Shared(byte[] bytes)
    {
        private int _users = 1;

        public byte[] Bytes => bytes;

        public void Enter() => _users++;

        public void Leave()
        {
            if (--_users == 0)
            {
                ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
            }
        }
    }
}
