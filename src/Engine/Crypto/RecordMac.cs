using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using SslModule.Engine.Wire;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Crypto;

/// <summary>The MAC of a record before TLS 1.3 (RFC 5246 section 6.2.3.1): HMAC over a sequence number, the header and the data.</summary>
internal sealed class RecordMac : IDisposable
{
    private const int HeaderLength = 13;
    private const int MostBlocks = 8;
    private static readonly byte[] s_nothing = new byte[MostBlocks * 128];

    private readonly IncrementalHash _hash;
    private readonly int _blockLength;

    /// <summary>Takes a key as long as the hash.</summary>
    /// <param name="algorithm">The hash of HMAC: SHA-1, SHA-256 or SHA-384.</param>
    /// <param name="key">The MAC key of one direction, <see cref="LengthOf"/> bytes.</param>
    public RecordMac(int algorithm, ReadOnlySpan<byte> key)
    {
        _hash = IncrementalHash.CreateHMAC(HashOf(algorithm), key);
        _blockLength = algorithm == HashAlgorithm.sha384 ? 128 : 64;
    }

    /// <summary>The length of the longest MAC there is.</summary>
    public const int Longest = SHA384.HashSizeInBytes;

    /// <summary>The MAC's length.</summary>
    public int Length => _hash.HashLengthInBytes;

    /// <summary>The length of a MAC and of its key.</summary>
    public static int LengthOf(int algorithm) => HashAlgorithms.Length(algorithm);

    /// <summary>Computes the MAC of a record.</summary>
    /// <param name="sequence">The record's number.</param>
    /// <param name="type">Its content type.</param>
    /// <param name="version">Its version.</param>
    /// <param name="data">What is protected.</param>
    /// <param name="mac">Gets <see cref="Length"/> bytes.</param>
    public void Compute(long sequence, ContentType type, ushort version, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        Append(sequence, type, version, data);
        _hash.GetHashAndReset(mac);
    }

    /// <summary>The same for data whose length an attacker must not learn from the time it takes (CVE-2013-0169).</summary>
    /// <remarks>
    /// The hash is given as many further blocks as the longest possible data would have had: what the time still tells is less
    /// than the hash of one block.
    /// </remarks>
    /// <param name="sequence">The record's number.</param>
    /// <param name="type">Its content type.</param>
    /// <param name="version">Its version.</param>
    /// <param name="data">What is protected.</param>
    /// <param name="longest">The length that it has at most, which is no secret; at most 256 more.</param>
    /// <param name="mac">Gets <see cref="Length"/> bytes.</param>
    public void ComputeHidden(long sequence, ContentType type, ushort version, ReadOnlySpan<byte> data, int longest, Span<byte> mac)
    {
        Compute(sequence, type, version, data, mac);
        int further = Blocks(longest) - Blocks(data.Length) + 1;
        Span<byte> ignored = stackalloc byte[mac.Length];
        _hash.AppendData(s_nothing, 0, further * _blockLength);
        _hash.GetHashAndReset(ignored);
    }

    /// <summary>Checks the MAC at the end of a fragment, whose length is no secret.</summary>
    /// <param name="sequence">The record's number.</param>
    /// <param name="type">Its content type.</param>
    /// <param name="version">Its version.</param>
    /// <param name="fragment">What is protected, and the MAC.</param>
    /// <exception cref="FatalAlertException">There is no room for a MAC, or it is wrong.</exception>
    public void Check(long sequence, ContentType type, ushort version, ReadOnlySpan<byte> fragment)
    {
        if (fragment.Length < Length)
        {
            throw RecordCipher.Refuse("LENGTH_TOO_SHORT", AlertDescription.decode_error);
        }

        Span<byte> mac = (stackalloc byte[Longest])[..Length];
        Compute(sequence, type, version, fragment[..^Length], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, fragment[^Length..]))
        {
            throw new FatalAlertException(AlertDescription.bad_record_mac);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private static HashAlgorithmName HashOf(int algorithm) => algorithm switch
    {
        HashAlgorithm.sha1 => HashAlgorithmName.SHA1,
        HashAlgorithm.sha256 => HashAlgorithmName.SHA256,
        HashAlgorithm.sha384 => HashAlgorithmName.SHA384,
        _ => throw new FatalAlertException(AlertDescription.internal_error),
    };

    private void Append(long sequence, ContentType type, ushort version, ReadOnlySpan<byte> data)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteInt64BigEndian(header, sequence);
        header[8] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(header[9..], version);
        BinaryPrimitives.WriteUInt16BigEndian(header[11..], (ushort)data.Length);
        _hash.AppendData(header);
        _hash.AppendData(data);
    }

    // FIPS 180-4 section 5.1: a bit, zeros, and a length of an eighth of a block. A division would take a time of its own.
    private int Blocks(int length)
        => (HeaderLength + length + 1 + (_blockLength / 8) + _blockLength - 1) >> BitOperations.Log2((uint)_blockLength);
}
