using System.Buffers.Binary;
using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Records;

/// <summary>
/// Record protection by AES-GCM, AES-CCM and ChaCha20-Poly1305: TLS 1.3 (RFC 8446 section 5.2) and TLS 1.2 (RFC 5288, RFC 6655
/// and RFC 7905). Allocates nothing per record.
/// </summary>
internal sealed class AeadRecordCipher : RecordCipher
{
    private const int ExplicitNonceLength = 8;
    private readonly AeadSuite _suite;
    private readonly bool _tls13;
    private readonly bool _explicitNonce;
    private readonly byte[] _writeIv = new byte[AeadAlgorithm.NonceLength];
    private readonly byte[] _readIv = new byte[AeadAlgorithm.NonceLength];
    private readonly bool _isServer;
    private AeadAlgorithm _write;
    private AeadAlgorithm _read;

    /// <summary>Creates the record protection of TLS 1.2.</summary>
    /// <param name="suite">The algorithm.</param>
    /// <param name="isServer">Whether this is the server.</param>
    /// <param name="keys">Fills in the key block: keys and IVs of both directions.</param>
    public AeadRecordCipher(AeadSuite suite, bool isServer, KeyBlock keys)
        : this(suite, hash: 0, isServer, tls13: false)
    {
        (_write, _read) = DeriveTls12(keys);
    }

    /// <summary>Creates the record protection of TLS 1.3 from two traffic secrets, which are copied.</summary>
    /// <param name="suite">The algorithm.</param>
    /// <param name="hash">The code of the suite's hash.</param>
    /// <param name="isServer">Whether this is the server.</param>
    /// <param name="clientSecret">The client's traffic secret.</param>
    /// <param name="serverSecret">The server's traffic secret.</param>
    public AeadRecordCipher(AeadSuite suite, int hash, bool isServer, ReadOnlySpan<byte> clientSecret, ReadOnlySpan<byte> serverSecret)
        : this(suite, hash, isServer, tls13: true)
    {
        WriteSecret = (isServer ? serverSecret : clientSecret).ToArray();
        ReadSecret = (isServer ? clientSecret : serverSecret).ToArray();
        (_write, _read) = (DeriveTls13(null, WriteSecret, _writeIv), DeriveTls13(null, ReadSecret, _readIv));
    }

    private AeadRecordCipher(AeadSuite suite, int hash, bool isServer, bool tls13)
    {
        _suite = suite;
        _isServer = isServer;
        _tls13 = tls13;
        _explicitNonce = suite.ExplicitNonce && !tls13;
        Hash = hash;
        RecordLimit = suite.RecordLimit;

        // Both public constructors assign these fields after this one.
        (_write, _read) = (null!, null!);
    }

    /// <summary>The code of the suite's hash; 0 before TLS 1.3, which has no key updates.</summary>
    public int Hash { get; }

    /// <summary>The traffic secret of the write key (RFC 8446 section 7.2); empty before TLS 1.3.</summary>
    public byte[] WriteSecret { get; private set; } = [];

    /// <summary>The traffic secret of the read key.</summary>
    public byte[] ReadSecret { get; private set; } = [];

    /// <summary>The client's traffic secret.</summary>
    public byte[] ClientSecret => _isServer ? ReadSecret : WriteSecret;

    /// <inheritdoc/>
    public override bool HidesContentType => _tls13;

    private int PrefixLength => _explicitNonce ? ExplicitNonceLength : 0;

    private int TagLength => _write.TagLength;

    private int Overhead => PrefixLength + TagLength + (_tls13 ? 1 : 0);

    /// <inheritdoc/>
    public override int SealedLength(int plaintextLength) => HeaderLength + plaintextLength + Overhead;

    /// <inheritdoc/>
    public override int Seal(ContentType contentType, ushort recordVersion, ReadOnlySpan<byte> plaintext, Span<byte> record)
    {
        CheckSequence(WriteSequence);
        Span<byte> nonce = stackalloc byte[AeadAlgorithm.NonceLength];
        Span<byte> associatedData = stackalloc byte[13];
        Nonce(nonce, _writeIv, WriteSequence);
        int fragmentLength = plaintext.Length + Overhead;
        ContentType outerType = _tls13 ? ContentType.application_data : contentType;
        WriteHeader(record, outerType, recordVersion, fragmentLength);
        if (_tls13)
        {
            Span<byte> inner = record.Slice(HeaderLength, plaintext.Length + 1);
            _write.EncryptInner(nonce, plaintext, contentType, inner, record.Slice(HeaderLength + inner.Length, TagLength), record[..HeaderLength]);
        }
        else
        {
            if (_explicitNonce)
            {
                nonce[4..].CopyTo(record[HeaderLength..]);
            }

            int at = HeaderLength + PrefixLength;
            Tls12AssociatedData(associatedData, WriteSequence, contentType, recordVersion, plaintext.Length);
            _write.Encrypt(nonce, plaintext, record.Slice(at, plaintext.Length), record.Slice(at + plaintext.Length, TagLength), associatedData);
        }

        WriteSequence++;
        return HeaderLength + fragmentLength;
    }

    /// <inheritdoc/>
    public override ContentType Open(byte[] buffer, int offset, int fragmentLength, out int plaintextOffset, out int plaintextLength)
    {
        CheckLength(fragmentLength);
        int textLength = fragmentLength - PrefixLength - TagLength;
        plaintextOffset = offset + HeaderLength + PrefixLength;
        return Decrypt(buffer.AsSpan(offset, HeaderLength + fragmentLength), buffer.AsSpan(plaintextOffset, textLength), out plaintextLength);
    }

    /// <inheritdoc/>
    public override bool TryOpenInto(ReadOnlySpan<byte> record, Span<byte> destination, out ContentType contentType, out int plaintextLength)
    {
        CheckLength(record.Length - HeaderLength);
        int textLength = record.Length - HeaderLength - PrefixLength - TagLength;
        if (textLength > destination.Length)
        {
            contentType = 0;
            plaintextLength = 0;
            return false;
        }

        // TLS 1.3's content type is decrypted behind the plaintext, where the caller may keep data of its own.
        byte behind = textLength > 0 ? destination[textLength - 1] : (byte)0;
        contentType = Decrypt(record, destination[..textLength], out plaintextLength);
        if (plaintextLength == textLength - 1)
        {
            destination[plaintextLength] = behind;
        }

        return true;
    }

    /// <summary>Whether the read key decrypts a TLS 1.3 record as the next one. The record and the sequence number stay unchanged.</summary>
    public bool CanOpen(ReadOnlySpan<byte> record)
    {
        int textLength = record.Length - HeaderLength - TagLength;
        if (textLength < 1)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[AeadAlgorithm.NonceLength];
        Nonce(nonce, _readIv, ReadSequence);
        byte[] text = new byte[textLength];
        bool opens = _read.TryDecrypt(nonce, record.Slice(HeaderLength, textLength), record[^TagLength..], text, record[..HeaderLength]);
        CryptographicOperations.ZeroMemory(text);
        return opens;
    }

    private void CheckLength(int fragmentLength)
    {
        if (fragmentLength < Overhead)
        {
            throw new FatalAlertException(AlertDescription.bad_record_mac);
        }
    }

    /// <summary>Decrypts a record; <paramref name="text"/> may overlap the ciphertext exactly.</summary>
    private ContentType Decrypt(ReadOnlySpan<byte> record, Span<byte> text, out int plaintextLength)
    {
        CheckSequence(ReadSequence);

        Span<byte> nonce = stackalloc byte[AeadAlgorithm.NonceLength];
        Span<byte> associatedData = stackalloc byte[13];
        ReadOnlySpan<byte> header = record[..HeaderLength];
        if (_explicitNonce)
        {
            _readIv.AsSpan(0, 4).CopyTo(nonce);
            record.Slice(HeaderLength, ExplicitNonceLength).CopyTo(nonce[4..]);
        }
        else
        {
            Nonce(nonce, _readIv, ReadSequence);
        }

        if (_tls13)
        {
            header.CopyTo(associatedData);
            associatedData = associatedData[..HeaderLength];
        }
        else
        {
            Tls12AssociatedData(associatedData, ReadSequence, (ContentType)header[0], BinaryPrimitives.ReadUInt16BigEndian(header[1..]), text.Length);
        }

        if (!_read.TryDecrypt(nonce, record.Slice(HeaderLength + PrefixLength, text.Length), record[^TagLength..], text, associatedData))
        {
            throw new FatalAlertException(AlertDescription.bad_record_mac);
        }

        ReadSequence++;
        plaintextLength = text.Length;
        return (ContentType)(_tls13 ? StripPadding(text, ref plaintextLength) : header[0]);
    }

    /// <inheritdoc/>
    public override int PlaintextLimit(int fragmentLength) => Math.Max(0, fragmentLength - Overhead);

    /// <summary>Switches to the peer's next traffic key (RFC 8446 section 4.6.3).</summary>
    public void UpdateReadKey()
    {
        Advance(ReadSecret);
        RekeyRead();
    }

    /// <summary>Switches to this end's next traffic key.</summary>
    public void UpdateWriteKey()
    {
        Advance(WriteSecret);
        RekeyWrite();
    }

    /// <summary>Switches the read direction to another TLS 1.3 traffic secret.</summary>
    public void ChangeReadSecret(ReadOnlySpan<byte> secret)
    {
        secret.CopyTo(ReadSecret);
        RekeyRead();
    }

    /// <summary>Switches the write direction to another TLS 1.3 traffic secret.</summary>
    public void ChangeWriteSecret(ReadOnlySpan<byte> secret)
    {
        secret.CopyTo(WriteSecret);
        RekeyWrite();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _write.Dispose();
        _read.Dispose();
        CryptographicOperations.ZeroMemory(WriteSecret);
        CryptographicOperations.ZeroMemory(ReadSecret);
    }

    private void RekeyRead()
    {
        _read = DeriveTls13(_read, ReadSecret, _readIv);
        ReadSequence = 0;
    }

    private void RekeyWrite()
    {
        _write = DeriveTls13(_write, WriteSecret, _writeIv);
        WriteSequence = 0;
    }

    /// <summary>Replaces a traffic secret with the next one (RFC 8446 section 7.2).</summary>
    private void Advance(byte[] secret)
    {
        Span<byte> next = stackalloc byte[secret.Length];
        KeySchedule.ExpandLabel(Hash, secret, "traffic upd", next);
        next.CopyTo(secret);
        CryptographicOperations.ZeroMemory(next);
    }

    private static byte StripPadding(ReadOnlySpan<byte> inner, ref int length)
    {
        // RFC 8446 section 5.4: padding counts towards the maximum length of the inner plaintext.
        if (inner.Length > (1 << 14) + 1)
        {
            throw Refuse("DATA_LENGTH_TOO_LONG", AlertDescription.record_overflow);
        }

        // The content type is the last nonzero byte.
        int last = inner.LastIndexOfAnyExcept((byte)0);
        if (last < 0)
        {
            throw Refuse("BAD_RECORD_TYPE", AlertDescription.unexpected_message);
        }

        length = last;
        return inner[last];
    }

    private static void Tls12AssociatedData(Span<byte> destination, long sequence, ContentType type, ushort version, int length)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, sequence);
        destination[8] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[9..], version);
        BinaryPrimitives.WriteUInt16BigEndian(destination[11..], (ushort)length);
    }

    private void Nonce(Span<byte> nonce, byte[] iv, long sequence)
    {
        if (_explicitNonce)
        {
            iv.AsSpan(0, 4).CopyTo(nonce);
            BinaryPrimitives.WriteInt64BigEndian(nonce[4..], sequence);
            return;
        }

        iv.CopyTo(nonce);
        long mixed = BinaryPrimitives.ReadInt64BigEndian(nonce[4..]) ^ sequence;
        BinaryPrimitives.WriteInt64BigEndian(nonce[4..], mixed);
    }

    /// <summary>Keys an algorithm from a traffic secret; reuses the current instance when it supports that.</summary>
    private AeadAlgorithm DeriveTls13(AeadAlgorithm? old, byte[] trafficSecret, Span<byte> iv)
    {
        Span<byte> key = stackalloc byte[_suite.KeyLength];
        KeySchedule.ExpandLabel(Hash, trafficSecret, "key", key);
        KeySchedule.ExpandLabel(Hash, trafficSecret, "iv", iv);
        AeadAlgorithm algorithm;
        if (old?.TryRekey(key) == true)
        {
            algorithm = old;
        }
        else
        {
            old?.Dispose();
            algorithm = _suite.Create(key);
        }

        CryptographicOperations.ZeroMemory(key);
        return algorithm;
    }

    private (AeadAlgorithm Write, AeadAlgorithm Read) DeriveTls12(KeyBlock keys)
    {
        int ivLength = _explicitNonce ? 4 : AeadAlgorithm.NonceLength;
        Span<byte> block = stackalloc byte[(2 * _suite.KeyLength) + (2 * ivLength)];
        keys(block);
        ReadOnlySpan<byte> ivs = block[(2 * _suite.KeyLength)..];
        ReadOnlySpan<byte> clientIv = ivs[..ivLength];
        ReadOnlySpan<byte> serverIv = ivs[ivLength..];
        clientIv.CopyTo(_isServer ? _readIv : _writeIv);
        serverIv.CopyTo(_isServer ? _writeIv : _readIv);
        AeadAlgorithm client = _suite.Create(block[.._suite.KeyLength]);
        AeadAlgorithm server = _suite.Create(block.Slice(_suite.KeyLength, _suite.KeyLength));
        CryptographicOperations.ZeroMemory(block);
        return _isServer ? (server, client) : (client, server);
    }
}
