using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto;

/// <summary>Record protection by HMAC alone, for the suites that encrypt nothing (RFC 5246 section 6.2.3.1).</summary>
internal sealed class MacRecordCipher : RecordCipher
{
    private readonly RecordMac _writeMac;
    private readonly RecordMac _readMac;

    /// <summary>Derives both directions' keys from the handshake's secrets (RFC 5246 section 6.3).</summary>
    /// <param name="parameters">The handshake in progress.</param>
    /// <param name="mac">The hash of HMAC: SHA-1, SHA-256 or SHA-384.</param>
    public MacRecordCipher(TlsCryptoParameters parameters, int mac)
    {
        int length = RecordMac.LengthOf(mac);
        Span<byte> block = (stackalloc byte[2 * RecordMac.Longest])[..(2 * length)];
        TlsImplUtilities.CalculateKeyBlock(parameters, block);
        int own = parameters.IsServer ? length : 0;
        _writeMac = new RecordMac(mac, block.Slice(own, length));
        _readMac = new RecordMac(mac, block.Slice(length - own, length));
        CryptographicOperations.ZeroMemory(block);
    }

    /// <inheritdoc/>
    public override bool UsesOpaqueRecordType => false;

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
    public override int GetCiphertextDecodeLimit(int plaintextLimit) => plaintextLimit + MacLength;

    /// <inheritdoc/>
    public override int GetPlaintextLimit(int ciphertextLimit) => Math.Max(0, ciphertextLimit - MacLength);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _writeMac.Dispose();
        _readMac.Dispose();
    }
}
