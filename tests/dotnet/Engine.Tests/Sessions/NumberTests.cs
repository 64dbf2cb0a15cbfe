using System.Buffers.Binary;
using NUnit.Framework;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Handshake;
using SslModule.Engine.Wire;
using TlsSession = SslModule.Engine.Sessions.TlsSession;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>Numbers of a peer at the ends of their range: lifetimes, ages, lengths.</summary>
public sealed class NumberTests
{
    private static readonly uint[] Ends = [0, 1, 604_800, 604_801, int.MaxValue, 1u << 31, uint.MaxValue - 1, uint.MaxValue];

    [Test]
    public void Lifetime_and_age_of_a_ticket_of_TLS_1_3([ValueSource(nameof(Ends))] uint lifetime, [Values(0u, 1u << 31, uint.MaxValue)] uint ageAdd)
    {
        var intruder = new Intruder(0x0304, victimIsServer: false);
        intruder.Handshake(Ticket(lifetime, ageAdd));
        Assert.That(intruder.Read(), Is.Null);
        TlsSession session = intruder.Victim.Session!;
        Assert.That(session.Timeout, Is.LessThanOrEqualTo(TimeSpan.FromDays(7)));
        bool kept = lifetime > 0;
        Assert.That(session.State.AgeAdd == ageAdd && session.TicketLifetimeHint == lifetime, Is.EqualTo(kept), "0 asks for no ticket at all");
        DateTimeOffset made = session.CreatedAt;
        Assert.That(session.IsAlive(made), Is.True);
        Assert.That(session.IsAlive(made.AddSeconds(Math.Min(lifetime, 7200))), Is.EqualTo(!kept));
        Assert.That(session.IsAlive(made + TimeSpan.FromDays(7)), Is.False);
    }

    [Test]
    public void Lifetime_of_a_ticket_of_TLS_1_2([ValueSource(nameof(Ends))] uint lifetime)
    {
        using MemoryPair pair = MemoryPair.Shake(TestContexts.Client(TestContexts.Tls12), TestContexts.Server(TestContexts.Tls12), "localhost", (fromClient, bytes) =>
        {
            int at = fromClient ? -1 : bytes.AsSpan().IndexOf([(byte)HandshakeType.new_session_ticket, (byte)0]);
            if (at == 5)
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at + 4), lifetime);
            }

            return bytes;
        });
        Assert.That(pair.ClientFailure?.Reason, Is.AnyOf(null, "DIGEST_CHECK_FAILED"));
    }

    /// <summary>Whatever a client says of a ticket's age, it decides about a resumption and no more.</summary>
    [Test]
    public void Age_of_a_ticket([ValueSource(nameof(Ends))] uint add)
    {
        var both = new Resumption(Way.Ticket13);
        TlsSession first = both.First();
        TlsSession wrong = both.Forge(first, state => state with { AgeAdd = unchecked(state.AgeAdd + add) });
        Assert.That(both.Resumes(wrong), Is.EqualTo(add <= 1 || add >= uint.MaxValue - 1));
    }

    /// <summary>A sealed session that was cut or changed all the same is none.</summary>
    [Test]
    public void Sealed_state_that_is_broken_reads_as_none()
    {
        byte[] whole = [.. SessionCodec.Encode(new Resumption(Way.Ticket12).First().State with { IdContext = [1, 2, 3], Alpn = [4], ServerName = "a name" })];
        Assert.That(SessionCodec.Decode(whole), Is.Not.Null);
        for (int at = 0; at < whole.Length; at++)
        {
            Assert.That(SessionCodec.Decode(whole[..at]), Is.Null, $"cut at {at}");
            foreach (byte bits in (byte[])[0x01, 0x7F, 0x80, 0xFF])
            {
                byte[] changed = [.. whole];
                changed[at] ^= bits;
                Assert.That(() => SessionCodec.Decode(changed), Throws.Nothing, $"byte {at} ^ {bits:x2}");
            }
        }
    }

    [Test]
    public void Reader_gives_nothing_for_a_negative_count()
    {
        var reader = new WireReader(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 1 });
        Assert.That(reader.TryTake(-1, out _), Is.False);
        Assert.That(reader.TryTake(int.MinValue, out _), Is.False);
        Assert.That(reader.TryVector(4, out _), Is.False);
    }

    private static byte[] Ticket(uint lifetime, uint ageAdd)
    {
        byte[] body = [0, 0, 0, 0, 0, 0, 0, 0, 1, 9, 0, 1, 7, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(body, lifetime);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(4), ageAdd);
        return Intruder.Message((short)HandshakeType.new_session_ticket, body);
    }
}
