using System.Buffers.Binary;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>A server of TLS 1.2 that sends a new ticket while it resumes (RFC 5077 section 3.3), and what of that a client refuses.</summary>
public sealed class RenewedTicketTests
{
    private static ReadOnlySpan<byte> EmptyTicketExtension => [0, 35, 0, 0];

    [Test]
    public void IsTaken()
    {
        (Resumption both, TlsSession session) = Prepare();
        TlsConnection client = Resume(both, session, flight => flight);
        Assert.That((client.SessionReused, client.Session!.HasTicket), Is.EqualTo((true, true)));
        Assert.That(client.Session.Ticket.Span.SequenceEqual(session.Ticket.Span), Is.False);
        Assert.That(both.Resumes(client.Session), Is.True);
    }

    [Test]
    public void UnannouncedIsRefused() => AssertUnexpected(flight => [Unannounced(flight[0]), .. flight[1..]]);

    [Test]
    public void SecondIsRefused() => AssertUnexpected(flight => [.. flight[..2], flight[1], .. flight[2..]]);

    [Test]
    public void MissingIsRefused() => AssertUnexpected(flight => [flight[0], .. flight[2..]]);

    private static void AssertUnexpected(Func<byte[][], byte[][]> change)
    {
        (Resumption both, TlsSession session) = Prepare();
        TlsError? error = Assert.Throws<TlsError>(() => Resume(both, session, change));
        Assert.That(error!.Reason, Is.EqualTo("UNEXPECTED_MESSAGE"));
    }

    /// <summary>A session whose ticket was sealed by a key that seals no more.</summary>
    private static (Resumption Both, TlsSession Session) Prepare()
    {
        var both = new Resumption(Way.Ticket12, context => context.TicketKeys = new TicketKeys(TimeSpan.FromHours(1)));
        TlsSession session = both.First();
        both.Pass(TimeSpan.FromMinutes(61));
        return (both, session);
    }

    /// <summary>A handshake whose server's first flight is changed: ServerHello, NewSessionTicket, ChangeCipherSpec, Finished, a record each.</summary>
    private static TlsConnection Resume(Resumption both, TlsSession session, Func<byte[][], byte[][]> change)
    {
        var client = new TlsConnection(both.Client, serverSide: false, "localhost") { Session = session };
        var server = new TlsConnection(both.Server, serverSide: true, null);
        client.Handshake();
        Intruder.Move(client, server);
        server.Handshake();
        byte[][] flight = Records(server.Output);
        server.OutputSent(server.OutputLength);
        Assert.That(flight, Has.Length.EqualTo(4));
        foreach (byte[] record in change(flight))
        {
            client.Input(record);
        }

        client.Handshake();
        return client;
    }

    private static byte[][] Records(ReadOnlySpan<byte> bytes)
    {
        var records = new List<byte[]>();
        while (!bytes.IsEmpty)
        {
            int length = 5 + BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
            records.Add(bytes[..length].ToArray());
            bytes = bytes[length..];
        }

        return [.. records];
    }

    /// <summary>A ServerHello without its session_ticket extension: the lengths of the record, the message and the extensions shrink with it.</summary>
    private static byte[] Unannounced(byte[] record)
    {
        int at = record.AsSpan().IndexOf(EmptyTicketExtension);
        int extensionsAt = 5 + 4 + 2 + 32 + 1 + record[43] + 2 + 1;
        foreach (int lengthAt in new[] { 3, 7, extensionsAt })
        {
            Span<byte> length = record.AsSpan(lengthAt, 2);
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(length) - EmptyTicketExtension.Length));
        }

        return [.. record[..at], .. record[(at + EmptyTicketExtension.Length)..]];
    }
}
