using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl;

namespace SslModule.Engine.Crypto;

/// <summary>
/// AES-GCM, AES-CCM and ChaCha20-Poly1305 record protection: TLS 1.3 (RFC 8446 section 5.2), TLS 1.2 AES-GCM (RFC 5288),
/// AES-CCM (RFC 6655) and ChaCha20-Poly1305 (RFC 7905). Nothing is allocated per record.
/// </summary>
internal sealed class AeadRecordCipher : RecordCipher
{
    private const int ExplicitNonceLength = 8;
    private readonly Func<ReadOnlySpan<byte>, AeadAlgorithm> _create;
    private readonly int _keyLength;
    private readonly bool _tls13;
    private readonly bool _explicitNonce;
    private readonly byte[] _writeIv = new byte[AeadAlgorithm.NonceLength];
    private readonly byte[] _readIv = new byte[AeadAlgorithm.NonceLength];
    private readonly bool _isServer;
    private AeadAlgorithm _write;
    private AeadAlgorithm _read;

    /// <summary>Derives both directions' keys from the handshake's secrets.</summary>
    /// <param name="parameters">The handshake in progress.</param>
    /// <param name="keyLength">16 or 32 bytes.</param>
    /// <param name="create">Makes the algorithm from a key.</param>
    /// <param name="explicitNonce">True for AES-GCM and AES-CCM in TLS 1.2, whose records carry 8 nonce bytes.</param>
    public AeadRecordCipher(TlsCryptoParameters parameters, int keyLength, Func<ReadOnlySpan<byte>, AeadAlgorithm> create, bool explicitNonce)
    {
        SecurityParameters facts = parameters.SecurityParameters;
        _create = create;
        _keyLength = keyLength;
        _isServer = parameters.IsServer;
        _tls13 = TlsUtilities.IsTlsV13(facts.NegotiatedVersion);
        _explicitNonce = explicitNonce && !_tls13;
        Hash = facts.PrfCryptoHashAlgorithm;
        if (!_tls13)
        {
            (_write, _read) = DeriveTls12(parameters);
            return;
        }

        WriteSecret = NativeTlsSecret.Copy(_isServer ? facts.TrafficSecretServer : facts.TrafficSecretClient);
        ReadSecret = NativeTlsSecret.Copy(_isServer ? facts.TrafficSecretClient : facts.TrafficSecretServer);
        (_write, _read) = (DeriveTls13(WriteSecret, _writeIv), DeriveTls13(ReadSecret, _readIv));
    }

    /// <summary>BouncyCastle's number of the suite's hash.</summary>
    public int Hash { get; }

    /// <summary>The traffic secret of the writing key (RFC 8446 section 7.2); empty before TLS 1.3.</summary>
    public byte[] WriteSecret { get; private set; } = [];

    /// <summary>The traffic secret of the reading key.</summary>
    public byte[] ReadSecret { get; private set; } = [];

    /// <summary>The client's of the two.</summary>
    public byte[] ClientSecret => _isServer ? ReadSecret : WriteSecret;

    /// <inheritdoc/>
    public override bool UsesOpaqueRecordType => _tls13;

    private int PrefixLength => _explicitNonce ? ExplicitNonceLength : 0;

    private int TagLength => _write.TagLength;

    private int Overhead => PrefixLength + TagLength + (_tls13 ? 1 : 0);

    /// <inheritdoc/>
    public override int SealedLength(int plaintextLength) => HeaderLength + plaintextLength + Overhead;

    /// <inheritdoc/>
    public override int Seal(byte contentType, ushort recordVersion, ReadOnlySpan<byte> plaintext, Span<byte> record)
    {
        CheckSequence(WriteSequence);
        Span<byte> nonce = stackalloc byte[AeadAlgorithm.NonceLength];
        Span<byte> associatedData = stackalloc byte[13];
        Nonce(nonce, _writeIv, WriteSequence);
        int fragmentLength = plaintext.Length + Overhead;
        byte outerType = _tls13 ? (byte)ContentType.application_data : contentType;
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
    public override byte Open(byte[] buffer, int offset, int fragmentLength, out int plaintextOffset, out int plaintextLength)
    {
        CheckLength(fragmentLength);
        int textLength = fragmentLength - PrefixLength - TagLength;
        plaintextOffset = offset + HeaderLength + PrefixLength;
        return Decrypt(buffer.AsSpan(offset, HeaderLength + fragmentLength), buffer.AsSpan(plaintextOffset, textLength), out plaintextLength);
    }

    /// <inheritdoc/>
    public override bool TryOpenInto(ReadOnlySpan<byte> record, Span<byte> destination, out byte contentType, out int plaintextLength)
    {
        CheckLength(record.Length - HeaderLength);
        int textLength = record.Length - HeaderLength - PrefixLength - TagLength;
        if (textLength > destination.Length)
        {
            contentType = 0;
            plaintextLength = 0;
            return false;
        }

        // TLS 1.3's content type lands behind the plaintext, where the caller may have something of its own.
        byte behind = textLength > 0 ? destination[textLength - 1] : (byte)0;
        contentType = Decrypt(record, destination[..textLength], out plaintextLength);
        if (plaintextLength == textLength - 1)
        {
            destination[plaintextLength] = behind;
        }

        return true;
    }

    private void CheckLength(int fragmentLength)
    {
        if (fragmentLength < Overhead)
        {
            throw new TlsFatalAlert(AlertDescription.bad_record_mac, "record too short");
        }
    }

    /// <summary>Decrypts a record's text; <paramref name="text"/> may be its own place in the record.</summary>
    private byte Decrypt(ReadOnlySpan<byte> record, Span<byte> text, out int plaintextLength)
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
            Tls12AssociatedData(associatedData, ReadSequence, header[0], BinaryPrimitives.ReadUInt16BigEndian(header[1..]), text.Length);
        }

        if (!_read.TryDecrypt(nonce, record.Slice(HeaderLength + PrefixLength, text.Length), record[^TagLength..], text, associatedData))
        {
            throw new TlsFatalAlert(AlertDescription.bad_record_mac);
        }

        ReadSequence++;
        plaintextLength = text.Length;
        return _tls13 ? StripPadding(text, ref plaintextLength) : header[0];
    }

    /// <inheritdoc/>
    public override int GetCiphertextDecodeLimit(int plaintextLimit)
        => _tls13 ? plaintextLimit + 256 : plaintextLimit + Overhead;

    /// <inheritdoc/>
    public override int GetPlaintextLimit(int ciphertextLimit) => Math.Max(0, ciphertextLimit - Overhead);

    /// <inheritdoc/>
    public override void RekeyDecoder()
    {
        _read.Dispose();
        ReadSecret = Next(ReadSecret);
        _read = DeriveTls13(ReadSecret, _readIv);
        ReadSequence = 0;
    }

    /// <inheritdoc/>
    public override void RekeyEncoder()
    {
        _write.Dispose();
        WriteSecret = Next(WriteSecret);
        _write = DeriveTls13(WriteSecret, _writeIv);
        WriteSequence = 0;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _write.Dispose();
        _read.Dispose();
        CryptographicOperations.ZeroMemory(WriteSecret);
        CryptographicOperations.ZeroMemory(ReadSecret);
    }

    // RFC 8446 section 7.2.
    private byte[] Next(byte[] secret)
    {
        byte[] next = new byte[secret.Length];
        KeySchedule.ExpandLabel(Hash, secret, "traffic upd", next);
        CryptographicOperations.ZeroMemory(secret);
        return next;
    }

    private static byte StripPadding(ReadOnlySpan<byte> inner, ref int length)
    {
        // RFC 8446 section 5.4: the content type is the last byte that is not zero.
        int last = inner.LastIndexOfAnyExcept((byte)0);
        if (last < 0)
        {
            throw Refuse("BAD_RECORD_TYPE", AlertDescription.unexpected_message);
        }

        length = last;
        return inner[last];
    }

    private static void Tls12AssociatedData(Span<byte> destination, long sequence, byte type, ushort version, int length)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, sequence);
        destination[8] = type;
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

    private AeadAlgorithm DeriveTls13(byte[] trafficSecret, Span<byte> iv)
    {
        Span<byte> key = stackalloc byte[_keyLength];
        KeySchedule.ExpandLabel(Hash, trafficSecret, "key", key);
        KeySchedule.ExpandLabel(Hash, trafficSecret, "iv", iv);
        AeadAlgorithm algorithm = _create(key);
        CryptographicOperations.ZeroMemory(key);
        return algorithm;
    }

    private (AeadAlgorithm Write, AeadAlgorithm Read) DeriveTls12(TlsCryptoParameters parameters)
    {
        int ivLength = _explicitNonce ? 4 : AeadAlgorithm.NonceLength;
        Span<byte> block = stackalloc byte[(2 * _keyLength) + (2 * ivLength)];
        TlsImplUtilities.CalculateKeyBlock(parameters, block);
        ReadOnlySpan<byte> ivs = block[(2 * _keyLength)..];
        ReadOnlySpan<byte> clientIv = ivs[..ivLength];
        ReadOnlySpan<byte> serverIv = ivs[ivLength..];
        clientIv.CopyTo(_isServer ? _readIv : _writeIv);
        serverIv.CopyTo(_isServer ? _writeIv : _readIv);
        AeadAlgorithm client = _create(block[.._keyLength]);
        AeadAlgorithm server = _create(block.Slice(_keyLength, _keyLength));
        CryptographicOperations.ZeroMemory(block);
        return _isServer ? (server, client) : (client, server);
    }
}
