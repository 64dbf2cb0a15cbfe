using System.Buffers.Binary;
using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Records;

/// <summary>Record protection by HMAC without encryption, for the NULL suites (RFC 5246 section 6.2.3.1).</summary>
internal sealed class MacRecordCipher : RecordCipher
{
    private readonly RecordMac _writeMac;
    private readonly RecordMac _readMac;

    /// <summary>Creates the cipher with the keys of both directions (RFC 5246 section 6.3).</summary>
    /// <param name="version">The protocol version.</param>
    /// <param name="hash">The hash of the MAC: SHA-1, SHA-256 or SHA-384.</param>
    /// <param name="isServer">Whether this is the server.</param>
    /// <param name="keys">Fills in the key block.</param>
    public MacRecordCipher(int version, int hash, bool isServer, KeyBlock keys)
    {
        int length = HashAlgorithms.Length(hash);
        Span<byte> block = (stackalloc byte[2 * RecordMac.Longest])[..(2 * length)];
        keys(block);
        int own = isServer ? length : 0;
        _writeMac = RecordMac.Create(version, hash, block.Slice(own, length));
        _readMac = RecordMac.Create(version, hash, block.Slice(length - own, length));
        CryptographicOperations.ZeroMemory(block);
    }

    private int MacLength => _readMac.Length;

    /// <inheritdoc/>
    public override int SealedLength(int plaintextLength) => HeaderLength + plaintextLength + MacLength;

    /// <inheritdoc/>
    public override int Seal(ContentType contentType, ushort recordVersion, ReadOnlySpan<byte> plaintext, Span<byte> record)
    {
        CheckSequence(WriteSequence);
        int length = SealedLength(plaintext.Length);
        WriteHeader(record, contentType, recordVersion, length - HeaderLength);
        plaintext.CopyTo(record[HeaderLength..]);
        _writeMac.Compute(WriteSequence, contentType, recordVersion, plaintext, record[(length - MacLength)..length]);
        WriteSequence++;
        return length;
    }

    /// <inheritdoc/>
    public override ContentType Open(byte[] buffer, int offset, int fragmentLength, out int plaintextOffset, out int plaintextLength)
    {
        CheckSequence(ReadSequence);
        plaintextOffset = offset + HeaderLength;
        var type = (ContentType)buffer[offset];
        _readMac.Check(ReadSequence, type, BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(offset + 1)), buffer.AsSpan(plaintextOffset, fragmentLength));
        plaintextLength = fragmentLength - MacLength;
        ReadSequence++;
        return type;
    }

    /// <inheritdoc/>
    public override int PlaintextLimit(int fragmentLength) => Math.Max(0, fragmentLength - MacLength);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _writeMac.Dispose();
        _readMac.Dispose();
    }
}
