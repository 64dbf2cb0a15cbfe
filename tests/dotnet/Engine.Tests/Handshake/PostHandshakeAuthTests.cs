using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using static SslModule.Engine.Tests.Handshake.Intruder;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Post-handshake authentication (RFC 8446 section 4.6.2): what works, and every answer that must not.</summary>
[TestFixture]
internal sealed class PostHandshakeAuthTests
{
    private const int V13 = 0x0304;

    private static readonly Action<TlsContext> Asks = context =>
    {
        context.VerifyMode = VerifyMode.Required;
        context.PostHandshakeAuth = true;
    };

    private static readonly Action<TlsContext> Offers = context =>
    {
        context.PostHandshakeAuth = true;
        WireContexts.Known(context);
    };

    public static IEnumerable<TestCaseData> WrongAnswers()
    {
        // Each takes the three messages of a right answer and the intruder, and sends something else.
        yield return Row("no Certificate before CertificateVerify", "UNEXPECTED_MESSAGE", 10, (it, answer) => it.Handshake(answer[1]));
        yield return Row("no Certificate before Finished", "UNEXPECTED_MESSAGE", 10, (it, answer) => it.Handshake(answer[2]));
        yield return Row("Certificate twice", "UNEXPECTED_MESSAGE", 10, (it, answer) => Send(it, answer[0], answer[0]));
        yield return Row("no CertificateVerify", "UNEXPECTED_MESSAGE", 10, (it, answer) => Send(it, answer[0], answer[2]));
        yield return Row("CertificateVerify twice", "UNEXPECTED_MESSAGE", 10, (it, answer) => Send(it, answer[0], answer[1], answer[1]));
        yield return Row("a KeyUpdate inside", "UNEXPECTED_MESSAGE", 10, (it, answer) => Send(it, answer[0], Message(HandshakeType.key_update, 0)));
        yield return Row("data inside", "UNEXPECTED_RECORD", 10, (it, answer) =>
        {
            Send(it, answer[0]);
            it.Record(ContentType.application_data, 1);
        });
        yield return Row("data inside the Certificate", "MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA", 10, (it, answer) =>
        {
            Send(it, answer[0][..20]);
            it.Record(ContentType.application_data, 1);
        });
        yield return Row("the answer twice", "UNEXPECTED_MESSAGE", 10, (it, answer) => Send(it, [.. answer, .. answer]));
        yield return Row("another context", "INVALID_CONTEXT", 50, (it, answer) => Send(it, Flip(answer[0], 5)));
        yield return Row("an empty context", "INVALID_CONTEXT", 50, (it, answer) => Send(it, Message(HandshakeType.certificate, 0, 0, 0, 0)));
        yield return Row("no certificate", "PEER_DID_NOT_RETURN_A_CERTIFICATE", 116, (it, answer) => Send(it, Empty(answer[0])));
        yield return Row("a Certificate cut short", "LENGTH_MISMATCH", 50, (it, answer) => Send(it, Cut(answer[0], 1)));
        yield return Row("a Certificate with a byte behind it", "LENGTH_MISMATCH", 50, (it, answer) => Send(it, Message(HandshakeType.certificate, [.. answer[0][4..], 0])));
        yield return Row("a Certificate of 200000 bytes", "EXCESSIVE_MESSAGE_SIZE", 47, (it, answer) => it.Handshake(11, 3, 13, 64));
        yield return Row("a certificate that is none", null, 50, (it, answer) => Send(it, Flip(answer[0], 4 + 33 + 3 + 3)));
        yield return Row("a wrong signature", "BAD_SIGNATURE", 51, (it, answer) => Send(it, answer[0], Flip(answer[1], answer[1].Length - 1)));
        yield return Row("a scheme that was not asked for", "WRONG_SIGNATURE_TYPE", 47, (it, answer) => Send(it, answer[0], Scheme(answer[1], 0x0203)));
        yield return Row("a scheme for certificates only", "WRONG_SIGNATURE_TYPE", 47, (it, answer) => Send(it, answer[0], Scheme(answer[1], 0x0401)));
        yield return Row("another curve's scheme", "WRONG_CURVE", 47, (it, answer) => Send(it, answer[0], Scheme(answer[1], 0x0503)));
        yield return Row("a CertificateVerify cut short", "LENGTH_MISMATCH", 50, (it, answer) => Send(it, answer[0], Cut(answer[1], 1)));
        yield return Row("a CertificateVerify with a byte behind it", "LENGTH_MISMATCH", 50, (it, answer) => Send(it, answer[0], Message(HandshakeType.certificate_verify, [.. answer[1][4..], 0])));
        yield return Row("a CertificateVerify of 20000 bytes", "EXCESSIVE_MESSAGE_SIZE", 47, (it, answer) => Send(it, answer[0], [15, 0, 0x4E, 0x20]));
        yield return Row("a wrong Finished", "DIGEST_CHECK_FAILED", 51, (it, answer) => Send(it, answer[0], answer[1], Flip(answer[2], 4)));
        yield return Row("a short Finished", "BAD_DIGEST_LENGTH", 50, (it, answer) => Send(it, answer[0], answer[1], Cut(answer[2], 1)));
        yield return Row("a Finished of 65 bytes", "EXCESSIVE_MESSAGE_SIZE", 47, (it, answer) => Send(it, answer[0], answer[1], Message(HandshakeType.finished, new byte[65])));
    }

    [TestCaseSource(nameof(WrongAnswers))]
    public void WrongAnswerIsRefused(string? reason, int alert, Action<Intruder, byte[][]> act)
    {
        Intruder intruder = Requested(Offers, out byte[][] answer);
        act(intruder, answer);
        TlsError? error = intruder.Read();
        Assert.That(error, Is.Not.Null, "accepted");
        if (reason is not null)
        {
            Assert.That(error!.Reason, Is.EqualTo(reason));
        }

        Assert.That(intruder.Alerts(), Is.EqualTo(new[] { (2, alert) }));
        if (reason != "UNEXPECTED_MESSAGE" || answer.Length == 0)
        {
            // Nothing that was not proven to the end is shown; the answer that came twice was.
            Assert.That(intruder.Victim.PeerCertificate, Is.Null);
        }
    }

    [Test]
    public void RightAnswerIsTheClients()
    {
        Intruder intruder = Requested(Offers, out byte[][] answer);
        Send(intruder, answer[0], answer[1]);
        Assert.That(intruder.Read(), Is.Null);
        Assert.That(intruder.Victim.PeerCertificate, Is.Null, "shown before it was proven");
        Send(intruder, answer[2]);
        Assert.That(intruder.Read(), Is.Null);
        Assert.That(intruder.Victim.PeerChain, Has.Count.EqualTo(2));
        Assert.That(intruder.Victim.VerifiedChain, Has.Count.EqualTo(2));
    }

    [Test]
    public void StrangerIsRefusedAndNeverShown()
    {
        Intruder intruder = Requested(context => { context.PostHandshakeAuth = true; WireContexts.Stranger(context); }, out byte[][] answer);
        Send(intruder, answer);
        Assert.That(intruder.Read()?.Reason, Is.EqualTo("CERTIFICATE_VERIFY_FAILED"));
        Assert.That(intruder.Alerts(), Is.EqualTo(new[] { (2, 48) }));
        Assert.That(intruder.Victim.PeerCertificate, Is.Null);
    }

    [Test]
    public void CertificateVerifyAfterEmptyCertificateIsRefused()
    {
        var intruder = new Intruder(V13, victimIsServer: true, context => { Asks(context); context.VerifyMode = VerifyMode.Optional; }, Offers);
        byte[][] answer = Ask(intruder);
        Send(intruder, Empty(answer[0]), answer[1]);
        Assert.That(intruder.Read()?.Reason, Is.EqualTo("UNEXPECTED_MESSAGE"));
    }

    [Test]
    public void RefusalIsEnoughWhereACertificateIsOptional()
    {
        var intruder = new Intruder(V13, victimIsServer: true, context => { Asks(context); context.VerifyMode = VerifyMode.Optional; }, context => context.PostHandshakeAuth = true);
        byte[][] answer = Ask(intruder);
        Assert.That(answer, Has.Length.EqualTo(2));
        Send(intruder, answer);
        Assert.That(intruder.Read(), Is.Null);
        Assert.That(intruder.Victim.PeerCertificate, Is.Null);
        intruder.Victim.RequestClientCertificate();
    }

    [Test]
    public void TwiceOnOneConnection()
    {
        var intruder = new Intruder(V13, victimIsServer: true, Asks, Offers);
        for (int round = 0; round < 3; round++)
        {
            Send(intruder, Ask(intruder));
            Assert.That(intruder.Read(), Is.Null);
            Assert.That(intruder.Victim.PeerChain, Has.Count.EqualTo(2));
            foreach (byte[] record in Records(intruder.Victim))
            {
                intruder.Peer.Input(record);
            }

            Assert.That(intruder.Peer.Read(new byte[10], out _), Is.EqualTo(TlsStatus.WantRead));
        }
    }

    [Test]
    public void AfterKeyUpdatesTheFinishedIsKeyedByTheNewSecret()
    {
        var intruder = new Intruder(V13, victimIsServer: true, Asks, Offers);
        intruder.Peer.UpdateKeys(requestPeer: true);
        Move(intruder.Peer, intruder.Victim);
        Assert.That(intruder.Read(), Is.Null);
        intruder.Victim.Write("new keys"u8, out _);
        Move(intruder.Victim, intruder.Peer);
        Assert.That(intruder.Peer.Read(new byte[10], out int count), Is.EqualTo(TlsStatus.Complete));
        Assert.That(count, Is.EqualTo(8));
        Send(intruder, Ask(intruder));
        Assert.That(intruder.Read(), Is.Null);
        Assert.That(intruder.Victim.PeerCertificate, Is.Not.Null);
    }

    [Test]
    public void ClientAnswersSeveralOutstandingRequests()
    {
        // A server of ours has one request outstanding, as OpenSSL's; others may have more.
        var intruder = new Intruder(V13, victimIsServer: false, Asks, Offers);
        for (byte id = 1; id <= 3; id++)
        {
            intruder.Handshake(Message(HandshakeType.certificate_request, [1, id, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3]));
        }

        intruder.Record(ContentType.application_data, 1, 2, 3);
        Assert.That(intruder.Read(), Is.Null);
        Assert.That(intruder.Data, Is.EqualTo(3));
        List<(int Type, byte[] Content)> sent = intruder.Sent();
        Assert.That(sent.Select(record => (int)record.Content[0]), Is.EqualTo(new[] { 11, 15, 20, 11, 15, 20, 11, 15, 20 }));
        Assert.That(sent.Where(record => record.Content[0] == 11).Select(record => (int)record.Content[5]), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void ClientThatSentCloseNotifyAnswersNothing()
    {
        var intruder = new Intruder(V13, victimIsServer: false, Asks, Offers);
        intruder.Victim.Shutdown();
        intruder.Handshake(Message(HandshakeType.certificate_request, [1, 7, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3]));
        intruder.Record(ContentType.application_data, 1);
        Assert.That(intruder.Read(), Is.Null);
        Assert.That(intruder.Sent().Select(record => record.Type), Is.EqualTo(new[] { 21 }));
    }

    [Test]
    public void ServerThatAsksLaterDoesNotAskInTheHandshake()
    {
        foreach (bool offered in new[] { false, true })
        {
            var intruder = new Intruder(V13, victimIsServer: true, Asks, context => { WireContexts.Known(context); context.PostHandshakeAuth = offered; });
            Assert.That(intruder.Victim.PeerCertificate, Is.Null);
        }

        var old = new Intruder(0x0303, victimIsServer: true, Asks, Offers);
        Assert.That(old.Victim.PeerCertificate, Is.Not.Null, "TLS 1.2 knows no later");
    }

    [Test]
    public void ReasonsOfARequestThatCannotBeMade()
    {
        Assert.That(Refusal(new TlsConnection(WireContexts.Server(V13, Asks), true, null)), Is.EqualTo("WRONG_SSL_VERSION"));
        Assert.That(Refusal(new Intruder(0x0303, true, Asks, Offers).Victim), Is.EqualTo("WRONG_SSL_VERSION"));
        Assert.That(Refusal(new Intruder(V13, false, Asks, Offers).Victim), Is.EqualTo("NOT_SERVER"));
        Assert.That(Refusal(new Intruder(V13, true, Asks).Victim), Is.EqualTo("EXTENSION_NOT_RECEIVED"));
        Assert.That(Refusal(new Intruder(V13, true, context => context.PostHandshakeAuth = true, Offers).Victim), Is.EqualTo("INVALID_CONFIG"));

        TlsConnection server = new Intruder(V13, true, Asks, Offers).Victim;
        Assert.That(Refusal(server), Is.Null);
        Assert.That(Refusal(server), Is.EqualTo("REQUEST_PENDING"));
        server.Write("x"u8, out _);
        Assert.That(Refusal(server), Is.EqualTo("REQUEST_SENT"));

        TlsConnection closed = new Intruder(V13, true, Asks, Offers).Victim;
        closed.Shutdown();
        Assert.That(Refusal(closed), Is.EqualTo("PROTOCOL_IS_SHUTDOWN"));
    }

    private static string? Refusal(TlsConnection connection)
    {
        try
        {
            connection.RequestClientCertificate();
            return null;
        }
        catch (TlsError error)
        {
            return error.Reason;
        }
    }

    private static TestCaseData Row(string name, string? reason, int alert, Action<Intruder, byte[][]> act)
        => new TestCaseData(reason, alert, act).SetName("post-handshake authentication: " + name);

    private static Intruder Requested(Action<TlsContext> client, out byte[][] answer)
    {
        var intruder = new Intruder(V13, victimIsServer: true, Asks, client);
        answer = Ask(intruder);
        return intruder;
    }

    /// <summary>Makes the victim ask, and gives the answer of an honest client, which did not reach the victim.</summary>
    private static byte[][] Ask(Intruder intruder)
    {
        intruder.Victim.RequestClientCertificate();
        intruder.Victim.Write(default, out _);
        Move(intruder.Victim, intruder.Peer);
        long before = intruder.Peer.RecordProtection!.WriteSequence;
        intruder.PeerMessages();
        Assert.That(intruder.Peer.Read(new byte[10], out _), Is.EqualTo(TlsStatus.WantRead));
        intruder.Peer.OutputSent(intruder.Peer.OutputLength);
        intruder.Peer.RecordProtection.WriteSequence = before;
        return [.. intruder.PeerMessages()];
    }

    private static void Send(Intruder intruder, params byte[][] messages)
    {
        foreach (byte[] message in messages)
        {
            intruder.Handshake(message);
        }
    }

    private static IEnumerable<byte[]> Records(TlsConnection connection)
    {
        byte[] output = connection.Output.ToArray();
        connection.OutputSent(output.Length);
        yield return output;
    }

    private static byte[] Flip(byte[] message, int at)
    {
        byte[] copy = [.. message];
        copy[at] ^= 0x40;
        return copy;
    }

    private static byte[] Cut(byte[] message, int count) => Message(message[0], message[4..^count]);

    private static byte[] Scheme(byte[] certificateVerify, int scheme)
    {
        byte[] copy = [.. certificateVerify];
        (copy[4], copy[5]) = ((byte)(scheme >> 8), (byte)scheme);
        return copy;
    }

    // The context of the request, and an empty list.
    private static byte[] Empty(byte[] certificate) => Message(HandshakeType.certificate, [.. certificate[4..(5 + certificate[4])], 0, 0, 0]);
}
