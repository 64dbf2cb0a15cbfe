using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl;
using SslModule.Engine.Wire;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using ContentType = SslModule.Engine.Wire.ContentType;

namespace SslModule.Engine.Crypto.Cbc;

/// <summary>
/// Record protection by a block cipher in CBC mode and HMAC (RFC 5246 section 6.2.3.2; RFC 2246 for TLS 1.0, whose records
/// follow each other's ciphertext), the MAC over the plaintext or, agreed by encrypt_then_mac (RFC 7366), over the ciphertext.
/// Nothing is allocated per record.
/// </summary>
internal sealed class CbcRecordCipher : RecordCipher
{
    private const int LongestBlock = BlockChain.LongestBlock;
    private const int LongestKey = 32;
    private readonly BlockChain _chain;
    private readonly RecordMac _writeMac;
    private readonly RecordMac _readMac;
    private readonly bool _encryptsThenMacs;

    // TLS 1.0 goes on where the record before ended; later versions begin each record with a vector of its own.
    private readonly byte[] _lastWritten;
    private readonly byte[] _lastRead;

    /// <summary>Derives both directions' keys from the handshake's secrets (RFC 5246 section 6.3).</summary>
    /// <param name="parameters">The handshake in progress.</param>
    /// <param name="encryption">BouncyCastle's number of a cipher in CBC mode; see <see cref="Supports"/>.</param>
    /// <param name="mac">The hash of HMAC: SHA-1, SHA-256 or SHA-384.</param>
    public CbcRecordCipher(TlsCryptoParameters parameters, int encryption, int mac)
    {
        SecurityParameters facts = parameters.SecurityParameters;
        _encryptsThenMacs = facts.IsEncryptThenMac;
        HasKnownVector = !TlsUtilities.IsTlsV11(facts.NegotiatedVersion);
        (int keyLength, int blockLength) = LengthsOf(encryption);
        int macLength = RecordMac.LengthOf(mac);
        Span<byte> block = (stackalloc byte[2 * (RecordMac.Longest + LongestKey + LongestBlock)])[..(2 * (macLength + keyLength + (HasKnownVector ? blockLength : 0)))];
        TlsImplUtilities.CalculateKeyBlock(parameters, block);

        // Each pair begins with the client's.
        int own = parameters.IsServer ? 1 : 0;
        int peers = 1 - own;
        ReadOnlySpan<byte> keys = block[(2 * macLength)..];
        ReadOnlySpan<byte> vectors = keys[(2 * keyLength)..];
        _writeMac = new RecordMac(mac, block.Slice(own * macLength, macLength));
        _readMac = new RecordMac(mac, block.Slice(peers * macLength, macLength));
        _chain = Chain(encryption, keys.Slice(own * keyLength, keyLength), keys.Slice(peers * keyLength, keyLength));
        _lastWritten = HasKnownVector ? vectors.Slice(own * blockLength, blockLength).ToArray() : new byte[blockLength];
        _lastRead = HasKnownVector ? vectors.Slice(peers * blockLength, blockLength).ToArray() : new byte[blockLength];
        CryptographicOperations.ZeroMemory(block);
    }

    /// <inheritdoc/>
    public override bool HasKnownVector { get; }

    /// <inheritdoc/>
    public override bool UsesOpaqueRecordType => false;

    private int BlockLength => _lastRead.Length;

    private int VectorLength => HasKnownVector ? 0 : BlockLength;

    private int MacLength => _readMac.Length;

    /// <summary>True for the ciphers that this class protects records with.</summary>
    public static bool Supports(int encryption) => encryption is EncryptionAlgorithm.AES_128_CBC or EncryptionAlgorithm.AES_256_CBC
        or EncryptionAlgorithm.CAMELLIA_128_CBC or EncryptionAlgorithm.CAMELLIA_256_CBC or EncryptionAlgorithm.cls_3DES_EDE_CBC;

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
    public override int GetCiphertextDecodeLimit(int plaintextLimit) => VectorLength + Padded(plaintextLimit + MacLength) + 256;

    /// <inheritdoc/>
    public override int GetPlaintextLimit(int ciphertextLimit) => Math.Max(0, ciphertextLimit - VectorLength - MacLength - 1);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _chain.Dispose();
        _writeMac.Dispose();
        _readMac.Dispose();
    }

    private static (int Key, int Block) LengthsOf(int encryption) => encryption switch
    {
        EncryptionAlgorithm.cls_3DES_EDE_CBC => (24, 8),
        EncryptionAlgorithm.AES_128_CBC or EncryptionAlgorithm.CAMELLIA_128_CBC => (16, LongestBlock),
        _ => (LongestKey, LongestBlock),
    };

    private static BlockChain Chain(int encryption, ReadOnlySpan<byte> writeKey, ReadOnlySpan<byte> readKey) => encryption switch
    {
        EncryptionAlgorithm.cls_3DES_EDE_CBC => new PortableChain(() => new DesEdeEngine(), writeKey, readKey),
        EncryptionAlgorithm.CAMELLIA_128_CBC or EncryptionAlgorithm.CAMELLIA_256_CBC => new PortableChain(() => new CamelliaEngine(), writeKey, readKey),
        _ when AesKeySchedule.IsSupported => new AesChain(writeKey, readKey),
        _ => new PortableChain(() => new AesEngine(), writeKey, readKey),
    };

    private int Padded(int length) => (length + BlockLength) & -BlockLength;

    /// <summary>Encrypts the plaintext from where it is, and then its end with what follows it and the padding.</summary>
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

    private static int StripPadding(ReadOnlySpan<byte> text)
        => Padding.Read(text, 0, out int padding) != 0 ? text.Length - padding : throw new FatalAlertException(AlertDescription.bad_record_mac);

    // Right or wrong, padding is taken off and the MAC computed: which of both was wrong must not show.
    private int StripMac(ContentType type, ushort version, ReadOnlySpan<byte> text)
    {
        Span<byte> mac = (stackalloc byte[RecordMac.Longest])[..MacLength];
        int right = Padding.Read(text, MacLength, out int padding);
        int longest = text.Length - MacLength;
        _readMac.ComputeHidden(ReadSequence, type, version, text[..(longest - padding)], longest, mac);
        return (right & Padding.HasMac(text, padding, mac)) != 0 ? longest - padding : throw new FatalAlertException(AlertDescription.bad_record_mac);
    }
}
