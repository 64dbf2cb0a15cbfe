using System.Reflection;
using NUnit.Framework;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Connection;
using SslModule.Engine.Crypto;
using SslModule.Engine.Crypto.Curve25519;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Crypto.MlKem;
using SslModule.Engine.Handshake.Tls13;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>The secrets of a handshake are zeroes when nothing needs them any more.</summary>
public sealed class ZeroedSecretTests
{
    private static readonly byte[] Peer = MakePeer();

    [Test]
    public void KeysOfAGroupThatTheServerPassedOver()
    {
        TlsContext server = TestContexts.Server(TestContexts.Tls13);
        server.SetGroups("x25519");
        (TlsConnection client, List<KeyShare> shares) = Hello();
        using var other = new TlsConnection(server, serverSide: true, null);
        while (!client.IsHandshakeComplete)
        {
            Intruder.Move(client, other);
            other.Handshake();
            Intruder.Move(other, client);
            client.Handshake();
        }

        AssertZeroed(shares);
    }

    [Test]
    public void KeysOfAHandshakeThatFailed()
    {
        (TlsConnection client, List<KeyShare> shares) = Hello();
        client.Input([21, 3, 3, 0, 2, 2, 40]);
        Assert.That(() => client.Handshake(), Throws.InstanceOf<SslModule.Engine.Errors.TlsError>());
        AssertZeroed(shares);
    }

    [Test]
    public void KeysOfAConnectionThatWasGivenUp()
    {
        (TlsConnection client, List<KeyShare> shares) = Hello();
        client.Dispose();
        AssertZeroed(shares);
    }

    [Test]
    public void KeysOfAServerWithoutTls13()
    {
        (TlsConnection client, List<KeyShare> shares) = Hello();
        using var other = new TlsConnection(TestContexts.Server(TestContexts.Tls12), serverSide: true, null);
        Intruder.Move(client, other);
        other.Handshake();
        Intruder.Move(other, client);
        client.Handshake();
        AssertZeroed(shares);
    }

    [TestCase(CryptoHashAlgorithm.sha256)]
    [TestCase(CryptoHashAlgorithm.sha384)]
    public void KeySchedule(int hash)
    {
        var secrets = new HandshakeSecrets(hash, new byte[] { 1, 2, 3 });
        byte[] before = Derived(secrets);
        secrets.Dispose();
        byte[] zeros = new byte[secrets.Length];
        SslModule.Engine.Crypto.KeySchedule.ExpandLabel(hash, new byte[secrets.Length], "label", zeros, zeros);
        Assert.That(Derived(secrets), Is.EqualTo(zeros).And.Not.EqualTo(before));
    }

    [TestCase(16)]
    [TestCase(32)]
    public void KeyInAnothersPlace(int length)
    {
        byte[] one = [.. Enumerable.Range(1, length).Select(number => (byte)number)];
        byte[] other = [.. Enumerable.Range(77, length).Select(number => (byte)number)];
        using AeadAlgorithm changed = AeadAlgorithm.AesGcm(one);
        if (!changed.TryRekey(other))
        {
            Assert.Ignore("the processor lacks the instructions");
        }

        using AeadAlgorithm fresh = AeadAlgorithm.AesGcm(other);
        foreach (int size in new[] { 0, 1, 100, 5000, 20_000 })
        {
            Assert.That(Sealed(changed, size), Is.EqualTo(Sealed(fresh, size)), $"{size} bytes");
        }
    }

    private static byte[] Sealed(AeadAlgorithm algorithm, int size)
    {
        byte[] text = new byte[size + algorithm.TagLength];
        algorithm.Encrypt(new byte[12], text.AsSpan(0, size), text.AsSpan(0, size), text.AsSpan(size), "more"u8);
        return text;
    }

    private static byte[] Derived(HandshakeSecrets secrets)
    {
        byte[] secret = new byte[secrets.Length];
        secrets.Derive("label", new byte[secrets.Length], secret);
        return secret;
    }

    /// <summary>A client that has sent a ClientHello, and the shares in it.</summary>
    private static (TlsConnection Client, List<KeyShare> Shares) Hello()
    {
        var client = new TlsConnection(TestContexts.Client(), serverSide: false, "localhost");
        client.Handshake();
        object handshake = Field(client, "_handshake");
        var shares = ((List<(int Group, KeyShare Share)>)Field(Field(handshake, "_role"), "_shares")).ConvertAll(share => share.Share);
        Assert.That(shares, Has.Count.EqualTo(2));
        return (client, shares);
    }

    private static object Field(object owner, string name)
        => owner.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(owner)!;

    private static void AssertZeroed(List<KeyShare> shares)
    {
        if (!X25519.IsSupported || !MlKem768.IsSupported)
        {
            Assert.Ignore("the processor lacks the instructions");
        }

        // Nobody can open what was encapsulated for a key that is gone, and a key of zeroes agrees on what anyone can compute.
        byte[] known = new byte[X25519.Length];
        X25519.TryDeriveSecret(new byte[X25519.Length], Peer, known);
        Assert.That(() => shares[0].DeriveSecret([.. new byte[MlKem768.CiphertextLength], .. Peer]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(shares[1].DeriveSecret(Peer), Is.EqualTo(known));
    }

    private static byte[] MakePeer()
    {
        byte[] peer = new byte[X25519.Length];
        if (X25519.IsSupported)
        {
            X25519.PublicKey([.. Enumerable.Range(1, X25519.Length).Select(number => (byte)number)], peer);
        }

        return peer;
    }
}
