using System.Buffers.Binary;
using System.Security.Cryptography;
using SslModule.Engine.Wire;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Records;

/// <summary>The MAC of SSL 3.0, a predecessor of HMAC that does not cover the version (RFC 6101 section 5.2.3.1).</summary>
internal sealed class Ssl3RecordMac : RecordMac
{
    private const int HeaderLength = 11;
    private const int PadLength = 40;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private readonly byte[] _inner = new byte[SHA1.HashSizeInBytes + PadLength];
    private readonly byte[] _outer = new byte[SHA1.HashSizeInBytes + PadLength];

    /// <summary>Creates the MAC with the key of one direction.</summary>
    /// <param name="algorithm">SHA-1, the hash of all supported SSL 3.0 suites.</param>
    /// <param name="key">20 bytes.</param>
    public Ssl3RecordMac(int algorithm, ReadOnlySpan<byte> key)
    {
        if (algorithm != HashAlgorithm.sha1)
        {
            throw new FatalAlertException(AlertDescription.internal_error);
        }

        key.CopyTo(_inner);
        key.CopyTo(_outer);
        _inner.AsSpan(key.Length).Fill(0x36);
        _outer.AsSpan(key.Length).Fill(0x5C);
    }

    /// <inheritdoc/>
    public override int Length => SHA1.HashSizeInBytes;

    /// <inheritdoc/>
    protected override int BlockLength => 64;

    /// <inheritdoc/>
    protected override int PrefixLength => _inner.Length + HeaderLength;

    /// <inheritdoc/>
    public override void Compute(long sequence, ContentType type, ushort version, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(header, sequence);
        header[8] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(header[9..], (ushort)data.Length);
        _hash.AppendData(_inner);
        _hash.AppendData(header);
        _hash.AppendData(data);
        _hash.GetHashAndReset(digest);
        _hash.AppendData(_outer);
        _hash.AppendData(digest);
        _hash.GetHashAndReset(mac);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _hash.Dispose();
        CryptographicOperations.ZeroMemory(_inner);
        CryptographicOperations.ZeroMemory(_outer);
    }

    /// <inheritdoc/>
    protected override void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        _hash.AppendData(data);
        _hash.GetHashAndReset(digest);
    }
}
