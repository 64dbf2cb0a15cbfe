using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Tests.Handshake;
using TlsContext = SslModule.Engine.Context.TlsContext;
using TlsOptions = SslModule.Engine.Context.TlsOptions;

namespace SslModule.Engine.Tests.Connection;

/// <summary>What is allocated, counted and not timed.</summary>
public class AllocationTests
{
    // What stood when this was written, and a little more: a bound that only ever goes down.
    private const int Tls13Bound = 56 * 1024;
    private const int Tls12Bound = 56 * 1024;

    // A share of 1.2 KiB each way, which BouncyCastle copies from one buffer to the next.
    private const int HybridBound = Tls13Bound + (37 * 1024);

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

    [Test]
    public void LittleForAHandshake([Values(TestContexts.Tls12, TestContexts.Tls13)] int version, [Values(false, true)] bool rsa)
    {
        TlsContext client = TestContexts.Client(version);
        client.SetGroups("x25519:P-256");
        Assert.That(AllocatedEach(client, TestContexts.Server(version, rsa: rsa)), Is.LessThan(version == TestContexts.Tls13 ? Tls13Bound : Tls12Bound));
    }

    [Test]
    public void BoundedForAHybridHandshake()
        => Assert.That(AllocatedEach(TestContexts.Client(TestContexts.Tls13), TestContexts.Server()), Is.LessThan(HybridBound));

    private static long AllocatedEach(TlsContext client, TlsContext server)
    {
        for (int warm = 0; warm < 3; warm++)
        {
            _ = new DrivenPair(client, server);
        }

        const int Rounds = 10;
        long each = long.MaxValue;
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = 0; round < Rounds; round++)
            {
                _ = new DrivenPair(client, server);
            }

            each = Math.Min(each, (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds);
        }

        TestContext.Out.WriteLine($"{each} bytes for both ends of a handshake");
        return each;
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
