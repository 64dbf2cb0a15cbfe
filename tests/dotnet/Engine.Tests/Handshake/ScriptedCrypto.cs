using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>BouncyCastle's crypto for a scripted peer, whose keys the script may write records with that BouncyCastle would refuse to write.</summary>
internal sealed class ScriptedCrypto : BcTlsCrypto
{
    /// <summary>The record protection that was made last.</summary>
    public ScriptedCipher? Newest { get; private set; }

    public override TlsCipher CreateCipher(TlsCryptoParameters cryptoParams, int encryptionAlgorithm, int macAlgorithm)
        => Newest = new ScriptedCipher(base.CreateCipher(cryptoParams, encryptionAlgorithm, macAlgorithm));
}

/// <summary>Counts the records that it protects by itself: the script's are numbered with BouncyCastle's.</summary>
internal sealed class ScriptedCipher(TlsCipher inner) : TlsCipher
{
    private long _written;

    public bool UsesOpaqueRecordType => inner.UsesOpaqueRecordType;

    /// <summary>A whole record.</summary>
    public byte[] Seal(short type, byte[] content)
    {
        TlsEncodeResult sealed_ = inner.EncodePlaintext(_written++, type, ProtocolVersion.TLSv12, 5, content, 0, content.Length);
        byte[] record = sealed_.buf[sealed_.off..(sealed_.off + sealed_.len)];
        int length = record.Length - 5;
        (record[0], record[1], record[2], record[3], record[4]) = ((byte)sealed_.recordType, 3, 3, (byte)(length >> 8), (byte)length);
        return record;
    }

    public TlsDecodeResult DecodeCiphertext(long seqNo, short recordType, ProtocolVersion recordVersion, byte[] ciphertext, int offset, int len)
        => inner.DecodeCiphertext(seqNo, recordType, recordVersion, ciphertext, offset, len);

    public TlsEncodeResult EncodePlaintext(long seqNo, short contentType, ProtocolVersion recordVersion, int headerAllocation, byte[] plaintext, int offset, int len)
        => inner.EncodePlaintext(_written++, contentType, recordVersion, headerAllocation, plaintext, offset, len);

    public TlsEncodeResult EncodePlaintext(long seqNo, short contentType, ProtocolVersion recordVersion, int headerAllocation, ReadOnlySpan<byte> plaintext)
        => inner.EncodePlaintext(_written++, contentType, recordVersion, headerAllocation, plaintext);

    public int GetCiphertextDecodeLimit(int plaintextLimit) => inner.GetCiphertextDecodeLimit(plaintextLimit);

    public int GetCiphertextEncodeLimit(int plaintextLength, int plaintextLimit) => inner.GetCiphertextEncodeLimit(plaintextLength, plaintextLimit);

    public int GetPlaintextLimit(int ciphertextLimit) => inner.GetPlaintextLimit(ciphertextLimit);

    public void RekeyDecoder() => inner.RekeyDecoder();

    public void RekeyEncoder()
    {
        _written = 0;
        inner.RekeyEncoder();
    }
}
