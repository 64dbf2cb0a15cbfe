using System.Numerics;
using System.Security.Cryptography;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Handshake;
using SslModule.Engine.Handshake.Tls12.KeyExchange;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>
/// A server's reading of an encrypted premaster secret (RFC 5246 section 7.4.7.1). Whatever the block holds, the same work is done:
/// nothing is thrown, 48 bytes come, and as much memory is allocated. Only the bytes tell, and a client that did not choose them cannot.
/// </summary>
public sealed class RsaKeyExchangeTests
{
    private const int Version = TestContexts.Tls12;
    private const int Size = 256;

    private static readonly RSA Key = RSA.Create(8 * Size);
    private static readonly PrivateKey Private = PrivateKey.FromPem(Key.ExportPkcs8PrivateKeyPem());
    private static readonly byte[] Premaster = [Version >> 8, Version & 0xFF, .. RandomNumberGenerator.GetBytes(46)];

    public static IEnumerable<TestCaseData> Blocks()
    {
        yield return Row("as it should be", block => block, accepted: true);
        yield return Row("a first byte that is not zero", Set(0, 1));
        yield return Row("the block type of a signature", Set(1, 1));
        yield return Row("a zero in the first byte of the padding", Set(2, 0));
        yield return Row("a zero in the eighth byte of the padding", Set(9, 0));
        yield return Row("a zero in the last byte of the padding", Set(Size - 50, 0));
        yield return Row("no zero before the secret", Set(Size - 49, 7));
        yield return Row("the major version of another protocol", Set(Size - 48, 2));
        yield return Row("an older version than was offered", Set(Size - 47, 1));
        yield return Row("a newer version than was offered", Set(Size - 47, 4));
        yield return Row("a secret of 47 bytes", block => [.. block[..2], 9, .. block[2..(Size - 49)], 0, .. block[(Size - 47)..]]);
        yield return Row("a secret of 49 bytes", block => [.. block[..3], .. block[4..(Size - 49)], 0, 3, .. block[(Size - 48)..]]);
        yield return Row("nothing but padding", block => [0, 2, .. Enumerable.Repeat((byte)9, Size - 2)]);
        yield return Row("one", _ => [.. new byte[Size - 1], 1]);
        yield return Row("zero", _ => new byte[Size]);
    }

    [TestCaseSource(nameof(Blocks))]
    public void DoesTheSameWhateverTheBlockHolds(Func<byte[], byte[]> change, bool accepted)
    {
        byte[] encrypted = Encrypt(change(Block()));
        byte[] good = Encrypt(Block());
        (byte[] secret, long allocated) = Read(encrypted);
        (_, long usual) = Read(good);
        Assert.That(secret, Has.Length.EqualTo(48));
        Assert.That(secret.AsSpan().SequenceEqual(Premaster), Is.EqualTo(accepted));

        // The arithmetic blinds its input anew each time: the inverse of the blinding factor takes a few steps more or less.
        Assert.That(allocated, Is.EqualTo(usual).Within(usual / 8));

        // What is not accepted is random: another time, other bytes.
        Assert.That(Read(encrypted).Secret.AsSpan().SequenceEqual(secret), Is.EqualTo(accepted));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(Size - 1)]
    [TestCase(Size + 1)]
    public void CiphertextOfAnotherLengthIsNoError(int length)
        => Assert.That(Read(RandomNumberGenerator.GetBytes(length)).Secret, Has.Length.EqualTo(48));

    [Test]
    public void CiphertextAboveTheModulusIsNoError()
        => Assert.That(Read([.. Enumerable.Repeat((byte)0xFF, Size)]).Secret, Has.Length.EqualTo(48));

    private static (byte[] Secret, long Allocated) Read(byte[] encrypted)
    {
        TlsContext context = TestContexts.Server(Version, rsa: true);
        using var connection = new TlsConnection(context, serverSide: true, null);
        var state = new HandshakeState(context, isServer: true, null) { Connection = connection, Version = Version, OfferedVersion = Version };
        using var exchange = new RsaKeyExchange(state);
        exchange.UseKey(Private);
        byte[] body = [(byte)(encrypted.Length >> 8), (byte)encrypted.Length, .. encrypted];
        long[] samples = new long[5];
        byte[] secret = [];
        for (int i = 0; i < samples.Length; i++)
        {
            var reader = new WireReader(body);
            long before = GC.GetAllocatedBytesForCurrentThread();
            secret = exchange.ReadClientKeyExchange(ref reader);
            samples[i] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Array.Sort(samples);
        return (secret, samples[samples.Length / 2]);
    }

    private static byte[] Block()
    {
        byte[] block = [0, 2, .. Enumerable.Repeat((byte)0xA5, Size - 3 - Premaster.Length), 0, .. Premaster];
        return block;
    }

    /// <summary>The bare operation: a block of any form.</summary>
    private static byte[] Encrypt(byte[] block)
    {
        Assert.That(block, Has.Length.EqualTo(Size));
        RSAParameters key = Key.ExportParameters(includePrivateParameters: false);
        BigInteger encrypted = BigInteger.ModPow(Number(block), Number(key.Exponent!), Number(key.Modulus!));
        byte[] bytes = new byte[Size];
        byte[] significant = encrypted.ToByteArray(isUnsigned: true, isBigEndian: true);
        significant.CopyTo(bytes, Size - significant.Length);
        return bytes;
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static Func<byte[], byte[]> Set(int at, byte value) => block =>
    {
        block[at] = value;
        return block;
    };

    private static TestCaseData Row(string name, Func<byte[], byte[]> change, bool accepted = false)
        => new TestCaseData(change, accepted).SetName($"an encrypted premaster secret: {name}");
}
