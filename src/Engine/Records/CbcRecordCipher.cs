using System.Buffers.Binary;
using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Crypto.Cbc;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Records;

/// <summary>
/// Record protection by a block cipher in CBC mode and HMAC (RFC 5246 section 6.2.3.2; RFC 2246 for TLS 1.0, which chains the
/// IV from record to record). The MAC covers the plaintext or, with encrypt_then_mac (RFC 7366), the ciphertext.
/// Allocates nothing per record.
/// </summary>
internal sealed class CbcRecordCipher : RecordCipher
{
    private const int LongestBlock = CbcMode.LongestBlock;
    private const int LongestKey = 32;
    private readonly CbcMode _chain;
    private readonly RecordMac _writeMac;
    private readonly RecordMac _readMac;
    private readonly bool _encryptsThenMacs;
    private readonly bool _isSsl3;

    // TLS 1.0 takes the IV from the last ciphertext block of the previous record; later versions send an explicit IV.
    private readonly byte[] _lastWritten;
    private readonly byte[] _lastRead;

    /// <summary>Creates the cipher with the keys of both directions (RFC 5246 section 6.3).</summary>
    /// <param name="suite">The block cipher.</param>
    /// <param name="hash">The hash of the MAC: SHA-1, SHA-256 or SHA-384.</param>
    /// <param name="version">The protocol version; before TLS 1.1 the IVs come from the key block.</param>
    /// <param name="encryptsThenMacs">Whether encrypt_then_mac was negotiated.</param>
    /// <param name="isServer">Whether this is the server.</param>
    /// <param name="keys">Fills in the key block.</param>
    public CbcRecordCipher(CbcSuite suite, int hash, int version, bool encryptsThenMacs, bool isServer, KeyBlock keys)
    {
        _encryptsThenMacs = encryptsThenMacs;
        _isSsl3 = version == ProtocolVersion.SSLv3;
        HasKnownVector = version < ProtocolVersion.TLSv11;
        (int keyLength, int blockLength) = (suite.KeyLength, suite.BlockLength);
        int macLength = HashAlgorithms.Length(hash);
        Span<byte> block = (stackalloc byte[2 * (RecordMac.Longest + LongestKey + LongestBlock)])[..(2 * (macLength + keyLength + (HasKnownVector ? blockLength : 0)))];
        keys(block);

        // Each pair in the key block begins with the client's value.
        int own = isServer ? 1 : 0;
        int peers = 1 - own;
        ReadOnlySpan<byte> cipherKeys = block[(2 * macLength)..];
        ReadOnlySpan<byte> vectors = cipherKeys[(2 * keyLength)..];
        _writeMac = RecordMac.Create(version, hash, block.Slice(own * macLength, macLength));
        _readMac = RecordMac.Create(version, hash, block.Slice(peers * macLength, macLength));
        _chain = suite.Create(cipherKeys.Slice(own * keyLength, keyLength), cipherKeys.Slice(peers * keyLength, keyLength));
        _lastWritten = HasKnownVector ? vectors.Slice(own * blockLength, blockLength).ToArray() : new byte[blockLength];
        _lastRead = HasKnownVector ? vectors.Slice(peers * blockLength, blockLength).ToArray() : new byte[blockLength];
        CryptographicOperations.ZeroMemory(block);
    }

    /// <inheritdoc/>
    public override bool HasKnownVector { get; }

    private int BlockLength => _lastRead.Length;

    private int VectorLength => HasKnownVector ? 0 : BlockLength;

    private int MacLength => _readMac.Length;

    /// <inheritdoc/>
    public override int SealedLength(int plaintextLength) => HeaderLength + VectorLength + (_encryptsThenMacs
        ? Padded(plaintextLength) + MacLength
        : Padded(plaintextLength + MacLength));

    /// <inheritdoc/>
    public override int Seal(ContentType contentType, ushort recordVersion, ReadOnlySpan<byte> plaintext, Span<byte> record)
    {
        CheckSequence(WriteSequence);
        int length = SealedLength(plaintext.Length);
        WriteHeader(record, contentType, recordVersion, length - HeaderLength);
        Span<byte> fragment = record[HeaderLength..length];
        if (!HasKnownVector)
        {
            RandomNumberGenerator.Fill(_lastWritten);
            _lastWritten.CopyTo(fragment);
        }

        Span<byte> mac = (stackalloc byte[RecordMac.Longest])[..MacLength];
        if (_encryptsThenMacs)
        {
            Encrypt(plaintext, [], fragment[VectorLength..^mac.Length]);
            _writeMac.Compute(WriteSequence, contentType, recordVersion, fragment[..^mac.Length], fragment[^mac.Length..]);
        }
        else
        {
            _writeMac.Compute(WriteSequence, contentType, recordVersion, plaintext, mac);
            Encrypt(plaintext, mac, fragment[VectorLength..]);
        }

        WriteSequence++;
        return length;
    }

    /// <inheritdoc/>
    public override ContentType Open(byte[] buffer, int offset, int fragmentLength, out int plaintextOffset, out int plaintextLength)
    {
        CheckSequence(ReadSequence);
        Span<byte> record = buffer.AsSpan(offset, HeaderLength + fragmentLength);
        var type = (ContentType)record[0];
        ushort version = BinaryPrimitives.ReadUInt16BigEndian(record[1..]);
        Span<byte> fragment = record[HeaderLength..];
        if (_encryptsThenMacs)
        {
            _readMac.Check(ReadSequence, type, version, fragment);
            fragment = fragment[..^MacLength];
        }

        Span<byte> text = Decrypt(fragment, leastText: _encryptsThenMacs ? 1 : MacLength + 1);
        plaintextOffset = offset + HeaderLength + VectorLength;
        plaintextLength = _encryptsThenMacs ? StripPadding(text) : StripMac(type, version, text);
        ReadSequence++;
        return type;
    }

    /// <inheritdoc/>
    public override int PlaintextLimit(int fragmentLength) => Math.Max(0, fragmentLength - VectorLength - MacLength - 1);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _chain.Dispose();
        _writeMac.Dispose();
        _readMac.Dispose();
    }

    private int Padded(int length) => (length + BlockLength) & -BlockLength;

    /// <summary>Encrypts the plaintext from the source buffer, then its last partial block with the MAC and the padding.</summary>
    private void Encrypt(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> mac, Span<byte> destination)
    {
        int whole = plaintext.Length & -BlockLength;
        _chain.Encrypt(_lastWritten, plaintext[..whole], destination);
        Span<byte> end = (stackalloc byte[(2 * LongestBlock) + RecordMac.Longest])[..(destination.Length - whole)];
        ReadOnlySpan<byte> rest = plaintext[whole..];
        rest.CopyTo(end);
        mac.CopyTo(end[rest.Length..]);
        int padding = end.Length - rest.Length - mac.Length;
        end[^padding..].Fill((byte)(padding - 1));
        _chain.Encrypt(_lastWritten, end, destination[whole..]);
        end.Clear();
    }

    private Span<byte> Decrypt(Span<byte> fragment, int leastText)
    {
        int length = fragment.Length - VectorLength;
        if (length < leastText || length % BlockLength != 0)
        {
            throw new FatalAlertException(AlertDescription.bad_record_mac);
        }

        if (!HasKnownVector)
        {
            fragment[..VectorLength].CopyTo(_lastRead);
        }

        Span<byte> text = fragment[VectorLength..];
        _chain.Decrypt(_lastRead, text, text);
        return text;
    }

    private int StripPadding(ReadOnlySpan<byte> text)
        => ReadPadding(text, 0, out int padding) != 0 ? text.Length - padding : throw new FatalAlertException(AlertDescription.bad_record_mac);

    private int ReadPadding(ReadOnlySpan<byte> text, int least, out int length)
        => _isSsl3 ? CbcPadding.ReadSsl3(text, least, BlockLength, out length) : CbcPadding.Read(text, least, out length);

    // Strip the padding and compute the MAC even when the padding is wrong: the peer must not learn which of them failed.
    private int StripMac(ContentType type, ushort version, ReadOnlySpan<byte> text)
    {
        Span<byte> mac = (stackalloc byte[RecordMac.Longest])[..MacLength];
        int right = ReadPadding(text, MacLength, out int padding);
        int longest = text.Length - MacLength;
        _readMac.ComputeConstantTime(ReadSequence, type, version, text[..(longest - padding)], longest, mac);
        return (right & CbcPadding.HasMac(text, padding, mac)) != 0 ? longest - padding : throw new FatalAlertException(AlertDescription.bad_record_mac);
    }
}
