using System.Security.Cryptography;
using NUnit.Framework;
using SslModule.Engine.Crypto;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>The MAC of records before TLS 1.3 (RFC 5246 section 6.2.3.1).</summary>
[TestFixture]
internal sealed class RecordMacTests
{
    private static readonly byte[] s_header = Convert.FromHexString("0000000102030405170303");

    [Test]
    public void IsHmacOverTheHeaderAndTheData([Values(HashAlgorithm.sha1, HashAlgorithm.sha256, HashAlgorithm.sha384)] int algorithm)
    {
        byte[] key = RandomNumberGenerator.GetBytes(HashAlgorithms.Length(algorithm));
        using var mac = RecordMac.Create(0x0303, algorithm, key);
        byte[] data = RandomNumberGenerator.GetBytes(600);
        byte[] result = new byte[mac.Length];
        for (int length = 0; length <= data.Length; length++)
        {
            byte[] expected = Expected(algorithm, key, [.. s_header, (byte)(length >> 8), (byte)length, .. data[..length]]);
            mac.Compute(0x0102030405, ContentType.application_data, 0x0303, data.AsSpan(0, length), result);
            Assert.That(result, Is.EqualTo(expected));

            // Hidden, it is the same, and the next one does not suffer from it.
            Array.Clear(result);
            mac.ComputeConstantTime(0x0102030405, ContentType.application_data, 0x0303, data.AsSpan(0, length), Math.Min(data.Length, length + 256), result);
            Assert.That(result, Is.EqualTo(expected));
        }
    }

    [Test]
    public void ChecksWhatStandsAtTheEnd()
    {
        byte[] key = new byte[20];
        using var mac = RecordMac.Create(0x0303, HashAlgorithm.sha1, key);
        byte[] fragment = [1, 2, 3, .. Expected(HashAlgorithm.sha1, key, [.. s_header, 0, 3, 1, 2, 3])];
        Assert.DoesNotThrow(() => mac.Check(0x0102030405, ContentType.application_data, 0x0303, fragment));
        Assert.That(Alert(mac, 0x0102030406, ContentType.application_data, 0x0303, fragment), Is.EqualTo(AlertDescription.bad_record_mac));
        Assert.That(Alert(mac, 0x0102030405, ContentType.handshake, 0x0303, fragment), Is.EqualTo(AlertDescription.bad_record_mac));
        Assert.That(Alert(mac, 0x0102030405, ContentType.application_data, 0x0302, fragment), Is.EqualTo(AlertDescription.bad_record_mac));
        Assert.That(Alert(mac, 0x0102030405, ContentType.application_data, 0x0303, fragment[1..]), Is.EqualTo(AlertDescription.bad_record_mac));
        Assert.That(Alert(mac, 0x0102030405, ContentType.application_data, 0x0303, fragment[..19]), Is.EqualTo(AlertDescription.decode_error));
        for (int at = 0; at < fragment.Length; at++)
        {
            fragment[at] ^= 1;
            Assert.That(Alert(mac, 0x0102030405, ContentType.application_data, 0x0303, fragment), Is.EqualTo(AlertDescription.bad_record_mac), $"{at}");
            fragment[at] ^= 1;
        }
    }

    private static AlertDescription Alert(RecordMac mac, long sequence, ContentType type, ushort version, byte[] fragment)
        => Assert.Throws<FatalAlertException>(() => mac.Check(sequence, type, version, fragment))!.Alert;

    private static byte[] Expected(int algorithm, byte[] key, byte[] data) => algorithm switch
    {
        HashAlgorithm.sha1 => HMACSHA1.HashData(key, data),
        HashAlgorithm.sha256 => HMACSHA256.HashData(key, data),
        _ => HMACSHA384.HashData(key, data),
    };
}
