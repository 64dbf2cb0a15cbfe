using System.Buffers.Binary;
using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Records;

/// <summary>The MAC of TLS 1.0 to 1.2: HMAC (RFC 5246 section 6.2.3.1).</summary>
internal sealed class HmacRecordMac : RecordMac
{
    private const int HeaderLength = 13;
    private readonly IncrementalHash _hash;

    /// <summary>Creates the MAC with the key of one direction.</summary>
    /// <param name="algorithm">The hash: SHA-1, SHA-256 or SHA-384.</param>
    /// <param name="key">The key, as long as the digest.</param>
    public HmacRecordMac(int algorithm, ReadOnlySpan<byte> key)
    {
        _hash = IncrementalHash.CreateHMAC(HashAlgorithms.NameOf(algorithm), key);
        BlockLength = algorithm == HashAlgorithm.sha384 ? 128 : 64;
    }

    /// <inheritdoc/>
    public override int Length => _hash.HashLengthInBytes;

    /// <inheritdoc/>
    protected override int BlockLength { get; }

    /// <inheritdoc/>
    protected override int PrefixLength => HeaderLength;

    /// <inheritdoc/>
    public override void Compute(long sequence, ContentType type, ushort version, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteInt64BigEndian(header, sequence);
        header[8] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(header[9..], version);
        BinaryPrimitives.WriteUInt16BigEndian(header[11..], (ushort)data.Length);
        _hash.AppendData(header);
        _hash.AppendData(data);
        _hash.GetHashAndReset(mac);
    }

    /// <inheritdoc/>
    public override void Dispose() => _hash.Dispose();

    /// <inheritdoc/>
    protected override void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        _hash.AppendData(data);
        _hash.GetHashAndReset(digest);
    }
}
