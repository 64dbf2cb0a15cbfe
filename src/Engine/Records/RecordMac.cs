using System.Numerics;
using System.Security.Cryptography;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Records;

/// <summary>The MAC of a record before TLS 1.3, over a sequence number, the header and the data.</summary>
internal abstract class RecordMac : IDisposable
{
    /// <summary>The length of the longest MAC there is.</summary>
    public const int Longest = SHA384.HashSizeInBytes;

    private static readonly byte[] Nothing = new byte[8 * 128];

    /// <summary>The MAC's length, and its key's.</summary>
    public abstract int Length { get; }

    /// <summary>The length of one of the hash's blocks in bytes: 64 or 128.</summary>
    protected abstract int BlockLength { get; }

    /// <summary>How many bytes are hashed before the data.</summary>
    protected abstract int PrefixLength { get; }

    /// <summary>The MAC of a version's records.</summary>
    /// <param name="version">The version.</param>
    /// <param name="hash">The hash: SHA-1, SHA-256 or SHA-384.</param>
    /// <param name="key">The MAC key of one direction, as long as the hash's digest.</param>
    public static RecordMac Create(int version, int hash, ReadOnlySpan<byte> key)
        => version == ProtocolVersion.SSLv3 ? new Ssl3RecordMac(hash, key) : new HmacRecordMac(hash, key);

    /// <summary>Computes the MAC of a record.</summary>
    /// <param name="sequence">The record's number.</param>
    /// <param name="type">Its content type.</param>
    /// <param name="version">Its version.</param>
    /// <param name="data">What is protected.</param>
    /// <param name="mac">Gets <see cref="Length"/> bytes.</param>
    public abstract void Compute(long sequence, ContentType type, ushort version, ReadOnlySpan<byte> data, Span<byte> mac);

    /// <inheritdoc/>
    public abstract void Dispose();

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
        Hash(Nothing.AsSpan(0, further * BlockLength), ignored);
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

    /// <summary>The hash of some data.</summary>
    protected abstract void Hash(ReadOnlySpan<byte> data, Span<byte> digest);

    // FIPS 180-4 section 5.1: a bit, zeros, and a length of an eighth of a block. A division would take a time of its own.
    private int Blocks(int length)
        => (PrefixLength + length + 1 + (BlockLength / 8) + BlockLength - 1) >> BitOperations.Log2((uint)BlockLength);
}
