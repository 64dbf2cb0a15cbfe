using System.Numerics;
using System.Security.Cryptography;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Records;

/// <summary>The MAC of records before TLS 1.3, over the sequence number, the header and the data.</summary>
internal abstract class RecordMac : IDisposable
{
    /// <summary>The length in bytes of the longest supported MAC.</summary>
    public const int Longest = SHA384.HashSizeInBytes;

    private static readonly byte[] DummyBlocks = new byte[8 * 128];

    /// <summary>The length of the MAC and of its key in bytes.</summary>
    public abstract int Length { get; }

    /// <summary>The block length of the hash in bytes: 64 or 128.</summary>
    protected abstract int BlockLength { get; }

    /// <summary>The number of bytes hashed before the data.</summary>
    protected abstract int PrefixLength { get; }

    /// <summary>Creates the MAC of a protocol version.</summary>
    /// <param name="version">The protocol version.</param>
    /// <param name="hash">The hash: SHA-1, SHA-256 or SHA-384.</param>
    /// <param name="key">The MAC key of one direction, as long as the hash's digest.</param>
    public static RecordMac Create(int version, int hash, ReadOnlySpan<byte> key)
        => version == ProtocolVersion.SSLv3 ? new Ssl3RecordMac(hash, key) : new HmacRecordMac(hash, key);

    /// <summary>Computes the MAC of a record.</summary>
    /// <param name="sequence">The sequence number.</param>
    /// <param name="type">The content type.</param>
    /// <param name="version">The record version.</param>
    /// <param name="data">The protected data.</param>
    /// <param name="mac">Receives <see cref="Length"/> bytes.</param>
    public abstract void Compute(long sequence, ContentType type, ushort version, ReadOnlySpan<byte> data, Span<byte> mac);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Computes the MAC of data whose length must not leak through timing (CVE-2013-0169).</summary>
    /// <remarks>
    /// Hashes as many extra blocks as the longest possible data would need. What remains visible in the timing is less than
    /// the hash of one block.
    /// </remarks>
    /// <param name="sequence">The sequence number.</param>
    /// <param name="type">The content type.</param>
    /// <param name="version">The record version.</param>
    /// <param name="data">The protected data.</param>
    /// <param name="longest">The maximum length of the data, which is public; at most 256 bytes more than its actual length.</param>
    /// <param name="mac">Receives <see cref="Length"/> bytes.</param>
    public void ComputeConstantTime(long sequence, ContentType type, ushort version, ReadOnlySpan<byte> data, int longest, Span<byte> mac)
    {
        Compute(sequence, type, version, data, mac);
        int further = Blocks(longest) - Blocks(data.Length) + 1;
        Span<byte> ignored = stackalloc byte[mac.Length];
        Hash(DummyBlocks.AsSpan(0, further * BlockLength), ignored);
    }

    /// <summary>Verifies the MAC at the end of a fragment whose length is public.</summary>
    /// <param name="sequence">The sequence number.</param>
    /// <param name="type">The content type.</param>
    /// <param name="version">The record version.</param>
    /// <param name="fragment">The protected data followed by the MAC.</param>
    /// <exception cref="FatalAlertException">The fragment is shorter than a MAC, or the MAC is wrong.</exception>
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

    /// <summary>Computes the hash of some data.</summary>
    protected abstract void Hash(ReadOnlySpan<byte> data, Span<byte> digest);

    // FIPS 180-4 section 5.1: padding is a 1 bit, zeros and a length field of one eighth of a block. A division would not take constant time.
    private int Blocks(int length)
        => (PrefixLength + length + 1 + (BlockLength / 8) + BlockLength - 1) >> BitOperations.Log2((uint)BlockLength);
}
