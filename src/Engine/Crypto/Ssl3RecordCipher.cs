using System.Buffers.Binary;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Wire;
using ProtocolVersion = Org.BouncyCastle.Tls.ProtocolVersion;

namespace SslModule.Engine.Crypto;

/// <summary>
/// BouncyCastle's record protection for SSL 3.0 (RFC 6101 section 5.2.3), whose MAC is no HMAC and whose padding nobody checks:
/// nothing that is worth code of our own.
/// </summary>
internal sealed class Ssl3RecordCipher(TlsCipher inner) : RecordCipher
{
    /// <inheritdoc/>
    public override bool HasKnownVector => true;

    /// <inheritdoc/>
    public override bool UsesOpaqueRecordType => inner.UsesOpaqueRecordType;

    /// <inheritdoc/>
    public override int SealedLength(int plaintextLength)
        => HeaderLength + inner.GetCiphertextEncodeLimit(plaintextLength, 1 << 14);

    /// <inheritdoc/>
    public override int Seal(ContentType contentType, ushort recordVersion, ReadOnlySpan<byte> plaintext, Span<byte> record)
    {
        CheckSequence(WriteSequence);
        TlsEncodeResult encoded = inner.EncodePlaintext(WriteSequence, (short)contentType, Version(recordVersion), HeaderLength, plaintext);
        WriteSequence++;
        encoded.buf.AsSpan(encoded.off, encoded.len).CopyTo(record);
        WriteHeader(record, (ContentType)encoded.recordType, recordVersion, encoded.len - HeaderLength);
        return encoded.len;
    }

    /// <inheritdoc/>
    public override ContentType Open(byte[] buffer, int offset, int fragmentLength, out int plaintextOffset, out int plaintextLength)
    {
        CheckSequence(ReadSequence);
        ushort version = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(offset + 1));
        TlsDecodeResult decoded = inner.DecodeCiphertext(ReadSequence, buffer[offset], Version(version), buffer, offset + HeaderLength, fragmentLength);
        ReadSequence++;
        if (!ReferenceEquals(decoded.buf, buffer))
        {
            decoded.buf.AsSpan(decoded.off, decoded.len).CopyTo(buffer.AsSpan(offset + HeaderLength));
            plaintextOffset = offset + HeaderLength;
        }
        else
        {
            plaintextOffset = decoded.off;
        }

        plaintextLength = decoded.len;
        return (ContentType)decoded.contentType;
    }

    /// <inheritdoc/>
    public override int GetCiphertextDecodeLimit(int plaintextLimit) => inner.GetCiphertextDecodeLimit(plaintextLimit);

    /// <inheritdoc/>
    public override int GetPlaintextLimit(int ciphertextLimit) => inner.GetPlaintextLimit(ciphertextLimit);

    /// <inheritdoc/>
    public override void Dispose()
    {
        // BouncyCastle's ciphers hold nothing that could be freed; their keys go with them.
    }

    private static ProtocolVersion Version(ushort wire) => ProtocolVersion.Get(wire >> 8, wire & 0xFF);
}
