using System.Security.Cryptography;
using NUnit.Framework;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Tests.Connection;

/// <summary>Copies of a transcript share its bytes and must never see each other's.</summary>
public class TranscriptHashTests
{
    [Test]
    public void CopiesGoTheirOwnWays()
    {
        TlsHash original = new TranscriptHash(CryptoHashAlgorithm.sha256);
        original.Update([1], 0, 1);
        TlsHash first = original.CloneHash();
        original.Update([2], 0, 1);
        first.Update([3], 0, 1);
        TlsHash second = first.CloneHash();
        first.Update([4], 0, 1);
        TlsHash third = original.CloneHash();
        Assert.That(original.CalculateHash(), Is.EqualTo(SHA256.HashData([1, 2])));
        original.Update([9, 9], 0, 2);
        Assert.That(third.CalculateHash(), Is.EqualTo(SHA256.HashData([1, 2])));
        Assert.That(first.CalculateHash(), Is.EqualTo(SHA256.HashData([1, 3, 4])));
        Assert.That(second.CalculateHash(), Is.EqualTo(SHA256.HashData([1, 3])));
        Assert.That(original.CalculateHash(), Is.EqualTo(SHA256.HashData([9, 9])));
    }

    [Test]
    public void ATranscriptOutgrowsItsFirstArray()
    {
        byte[] block = [.. Enumerable.Range(0, 200).Select(number => (byte)number)];
        TlsHash hash = new TranscriptHash(CryptoHashAlgorithm.sha384);
        var all = new List<byte>();
        for (int round = 0; round < 50; round++)
        {
            hash.Update(block, 0, block.Length);
            all.AddRange(block);
            Assert.That(hash.CloneHash().CalculateHash(), Is.EqualTo(SHA384.HashData([.. all])));
        }
    }
}
