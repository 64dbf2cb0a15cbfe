using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Crypto.Curve25519;
using SslModule.Engine.Crypto.MlKem;
using SslModule.Engine.Tests.Handshake;
using TlsContext = SslModule.Engine.Context.TlsContext;
using TlsOptions = SslModule.Engine.Context.TlsOptions;
using TlsSession = SslModule.Engine.Sessions.TlsSession;

namespace SslModule.Engine.Tests.Connection;

/// <summary>What is allocated, counted and not timed.</summary>
public class AllocationTests
{
    private static readonly byte[] One = new byte[1];

    // A collection of the oldest generation empties the shared pool, and whoever rents next refills it: that is seen now and
    // then on a busy machine, and an allocation of the engine's own in every round.
    private const int Tries = 5;

    [Test]
    public void NothingForARecord(
        [Values(TestContexts.Tls12, TestContexts.Tls13)] int version,
        [Values("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305")] string cipher,
        [Values(1, 1000, 16384, 100_000)] int size)
        => NothingFor(new DrivenPair(version, cipher), size);

    [Test]
    public void NothingForARecordOfAnOlderKind(
        [Values("ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0")] string cipher,
        [Values(false, true)] bool encryptThenMac,
        [Values(1, 1000, 16384, 100_000)] int size)
    {
        TlsContext client = TestContexts.Client(TestContexts.Tls12);
        TlsContext server = TestContexts.Server(TestContexts.Tls12);
        client.SetCiphers(cipher);
        server.SetCiphers(cipher);
        client.Options |= encryptThenMac ? 0 : (ulong)TlsOptions.NoEncryptThenMac;
        NothingFor(new DrivenPair(client, server), size);
    }

    private static void NothingFor(DrivenPair pair, int size)
    {
        byte[] block = new byte[size];
        byte[] room = new byte[1 << 16];
        Transfer(pair, block, room, 50);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Tries && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Transfer(pair, block, room, 200);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);
    }

    // 40 KiB for both ends is the aim of any handshake; the bounds are what stood when this was written, and a little more: they only ever go down.
    [TestCase("x25519", TestContexts.Tls13, false, false, 20)]
    [TestCase("x25519", TestContexts.Tls13, true, false, 19)]
    [TestCase("x25519", TestContexts.Tls13, false, true, 17)]
    [TestCase("P-256", TestContexts.Tls13, false, false, 25)]
    [TestCase("X25519MLKEM768", TestContexts.Tls13, false, false, 20)]
    [TestCase("X25519MLKEM768", TestContexts.Tls13, true, false, 19)]
    [TestCase("X25519MLKEM768", TestContexts.Tls13, false, true, 17)]
    [TestCase("x25519:P-256", TestContexts.Tls12, false, false, 19)]
    [TestCase("x25519:P-256", TestContexts.Tls12, true, false, 18)]
    [TestCase("x25519:P-256", TestContexts.Tls12, false, true, 15)]
    public void LittleForAHandshake(string groups, int version, bool rsa, bool resumed, int kibibytes)
    {
        TlsContext client = TestContexts.Client(version);
        client.SetGroups(groups);
        TlsContext server = TestContexts.Server(version, rsa: rsa);
        TlsSession? session = null;
        for (int warm = 0; warm < 5; warm++)
        {
            session = Shake(client, server, resumed ? session : null);
        }

        const int Rounds = 10;
        long each = long.MaxValue;
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = 0; round < Rounds; round++)
            {
                session = Shake(client, server, resumed ? session : null);
            }

            each = Math.Min(each, (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds);
        }

        TestContext.Out.WriteLine($"{each} bytes for both ends of a handshake");

        // .NET 10 keeps some short-lived objects on the stack, .NET 8 none.
        int older = Environment.Version.Major < 10 ? 1024 : 0;
        Assert.That(each, Is.LessThan(((kibibytes + OfSubstitutes(groups)) * 1024) + older));
    }

    // In KiB: what BouncyCastle's key exchanges allocate, where the processor lacks what the engine's own need.
    private static int OfSubstitutes(string groups)
        => (X25519.IsUsed ? 0 : 3) + (MlKem768.IsUsed || !groups.Contains("MLKEM", StringComparison.Ordinal) ? 0 : 66);

    /// <summary>Shakes hands in memory and reads the tickets. No assertion inside: it would allocate.</summary>
    private static TlsSession? Shake(TlsContext clientContext, TlsContext serverContext, TlsSession? session)
    {
        using var client = new TlsConnection(clientContext, serverSide: false, "localhost");
        using var server = new TlsConnection(serverContext, serverSide: true, null);
        if (session is not null)
        {
            client.Session = session;
        }

        TlsStatus near, far;
        do
        {
            near = client.Handshake();
            Intruder.Move(client, server);
            far = server.Handshake();
            Intruder.Move(server, client);
        }
        while (near != TlsStatus.Complete || far != TlsStatus.Complete);

        client.Read(One, out _);
        return client.SessionReused == session is not null ? client.Session : throw new InvalidOperationException();
    }

    // No assertion inside: it would allocate.
    private static void Transfer(DrivenPair pair, byte[] block, byte[] room, int times)
    {
        for (int time = 0; time < times; time++)
        {
            if (pair.Server.Write(block, out _, 0) != TlsStatus.Complete)
            {
                throw new InvalidOperationException();
            }

            for (int total = 0; total < block.Length;)
            {
                if (pair.Client.Read(room, out int count, 0) != TlsStatus.Complete)
                {
                    throw new InvalidOperationException();
                }

                total += count;
            }
        }
    }
}
