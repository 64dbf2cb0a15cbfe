using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Tests.Timing;

/// <summary>
/// Records of AES-CBC whose MAC is wrong: long padding or short (Lucky Thirteen, CVE-2013-0169), right padding or wrong (Vaudenay's oracle),
/// and with encrypt_then_mac where in the MAC the mistake is.
/// </summary>
internal static class CbcTargets
{
    private const int BlockLength = 16;

    // A multiple of the block, longer than the longest padding and a MAC.
    private const int TextLength = 320;
    private const int KeyLength = 16;
    private const int Header = RecordCipher.HeaderLength;

    public static IEnumerable<KeyValuePair<string, Func<string, TimingTarget>>> All { get; } =
    [
        .. Both("tls12-sha1", ProtocolVersion.TLSv12, HashAlgorithm.sha1),
        .. Both("tls12-sha256", ProtocolVersion.TLSv12, HashAlgorithm.sha256),
        .. Both("tls12-sha384", ProtocolVersion.TLSv12, HashAlgorithm.sha384),
        .. Both("tls11-sha1", ProtocolVersion.TLSv11, HashAlgorithm.sha1),
        .. Both("tls10-sha1", ProtocolVersion.TLSv10, HashAlgorithm.sha1),
        .. Both("ssl3-sha1", ProtocolVersion.SSLv3, HashAlgorithm.sha1),
        new("cbc-tls12-encrypt-then-mac", EncryptThenMac),
    ];

    private static IEnumerable<KeyValuePair<string, Func<string, TimingTarget>>> Both(string name, int version, int hash)
    {
        // SSL 3.0's padding is at most a block, and of any bytes.
        int longest = version == ProtocolVersion.SSLv3 ? BlockLength : 256;
        yield return new($"cbc-{name}-length", target => MacThenEncrypt(target, $"{1} byte of padding / {longest}", version, hash, second => second ? longest : 1, spoil: false));
        yield return new($"cbc-{name}-padding", target => MacThenEncrypt(target, "right padding / wrong padding", version, hash, _ => BlockLength, spoil: true));
    }

    private static TimingTarget MacThenEncrypt(string name, string classes, int version, int hash, Func<bool, int> padding, bool spoil)
    {
        byte[] block = RandomNumberGenerator.GetBytes(400);
        var cipher = new CbcRecordCipher(CbcSuite.Aes128, hash, version, encryptsThenMacs: false, isServer: true, keys => block.AsSpan(0, keys.Length).CopyTo(keys));
        int macs = 2 * HashAlgorithms.Length(hash);
        int vector = cipher.HasKnownVector ? 0 : BlockLength;
        byte[] record = new byte[Header + vector + TextLength];
        Aes encryption = Aes.Create();
        encryption.Key = block[macs..(macs + KeyLength)];
        return new TimingTarget(
            name,
            classes,
            record.Length,
            (second, input) =>
            {
                RecordCipher.WriteHeader(input, ContentType.application_data, (ushort)version, input.Length - Header);
                Span<byte> text = input.AsSpan(Header + vector);
                RandomNumberGenerator.Fill(text);
                int length = padding(second);
                text[^length..].Fill((byte)(length - 1));
                if (spoil && second)
                {
                    // In SSL 3.0 only the length can be wrong.
                    text[version == ProtocolVersion.SSLv3 ? ^1 : ^length] ^= 0x80;
                }

                encryption.EncryptCbc(text, new byte[BlockLength], text, PaddingMode.None);
            },
            input => input.CopyTo(record, 0),
            () => Refused(cipher, record));
    }

    private static TimingTarget EncryptThenMac(string name)
    {
        byte[] block = RandomNumberGenerator.GetBytes(400);
        void Keys(Span<byte> keys) => block.AsSpan(0, keys.Length).CopyTo(keys);
        using var client = new CbcRecordCipher(CbcSuite.Aes128, HashAlgorithm.sha1, ProtocolVersion.TLSv12, encryptsThenMacs: true, isServer: false, Keys);
        var server = new CbcRecordCipher(CbcSuite.Aes128, HashAlgorithm.sha1, ProtocolVersion.TLSv12, encryptsThenMacs: true, isServer: true, Keys);
        byte[] good = new byte[client.SealedLength(TextLength)];
        client.Seal(ContentType.application_data, ProtocolVersion.TLSv12, new byte[TextLength], good);
        byte[] record = new byte[good.Length];
        return new TimingTarget(
            name,
            "first byte of the MAC wrong / last byte",
            good.Length,
            (second, input) =>
            {
                good.CopyTo(input, 0);
                input[second ? ^1 : ^SHA1.HashSizeInBytes] ^= 1;
            },
            input => input.CopyTo(record, 0),
            () => Refused(server, record));
    }

    /// <summary>Opens a record that must be refused.</summary>
    public static void Refused(RecordCipher cipher, byte[] record)
    {
        try
        {
            cipher.Open(record, 0, record.Length - Header, out _, out _);
        }
        catch (FatalAlertException refusal) when (refusal.Alert == AlertDescription.bad_record_mac)
        {
            return;
        }

        throw new InvalidOperationException("the record was taken");
    }
}
