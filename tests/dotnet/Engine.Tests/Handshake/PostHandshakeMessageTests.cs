using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Errors;
using static SslModule.Engine.Tests.Handshake.Intruder;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>
/// The table of what a peer may not send once the handshake is done, on both sides and in both versions: the alert on the
/// wire and OpenSSL's reason.
/// </summary>
[TestFixture]
internal sealed class PostHandshakeMessageTests
{
    private const int V12 = 0x0303;
    private const int V13 = 0x0304;

    private static readonly byte[] KeyUpdate = Message(HandshakeType.key_update, 0);
    private static readonly byte[] KeyUpdateRequest = Message(HandshakeType.key_update, 1);

    public static IEnumerable<TestCaseData> Refused()
    {
        foreach (Case row in Rows())
        {
            yield return new TestCaseData(row).SetName($"{(row.Version == V13 ? "TLS 1.3" : "TLS 1.2")} {(row.Server ? "server" : "client")}: {row.Name}");
        }
    }

    public static IEnumerable<TestCaseData> Tolerated()
    {
        foreach (Case row in ToleratedRows())
        {
            yield return new TestCaseData(row).SetName($"{(row.Version == V13 ? "TLS 1.3" : "TLS 1.2")} {(row.Server ? "server" : "client")}: {row.Name}");
        }
    }

    [TestCaseSource(nameof(Refused))]
    public void IsRefused(Case row)
    {
        var intruder = new Intruder(row.Version, row.Server, row.ServerSettings, row.ClientSettings);
        row.Act(intruder);
        TlsError? error = intruder.Read();
        Assert.That(error, Is.Not.Null, "accepted");
        Assert.That(error!.Reason, Is.EqualTo(row.Reason));
        Assert.That(intruder.Alerts(), Is.EqualTo(row.Alert < 0 ? [] : new[] { (2, row.Alert) }));
        Assert.That(error.Alert, Is.EqualTo(row.Alert < 0 ? null : (byte?)row.Alert));

        // What failed stays failed.
        intruder.Victim.Input(new byte[] { 23, 3, 3, 0, 0 });
        Assert.That(intruder.Read()?.Reason, Is.EqualTo(row.Reason));
        Assert.That(() => intruder.Victim.Write("more"u8, out _), Throws.TypeOf<TlsError>());
    }

    [TestCaseSource(nameof(Tolerated))]
    public void IsTolerated(Case row)
    {
        var intruder = new Intruder(row.Version, row.Server, row.ServerSettings, row.ClientSettings);
        row.Act(intruder);
        intruder.Record(ContentType.application_data, 1, 2, 3);
        Assert.That(intruder.Read(), Is.Null);
        Assert.That(intruder.Data, Is.GreaterThanOrEqualTo(3));
        Assert.That(intruder.Alerts(), Is.EqualTo(row.Alert < 0 ? [] : new[] { (1, row.Alert) }));

        // And the connection lives on, both ways.
        intruder.Victim.Write("still here"u8, out _);
        Assert.That(intruder.Sent().Single(record => record.Type == ContentType.application_data).Content, Is.EqualTo("still here"u8.ToArray()));
    }

    private static IEnumerable<Case> Rows()
    {
        foreach (bool server in new[] { false, true })
        {
            foreach (Case row in Misplaced13(server).Concat(KeyUpdates(server)).Concat(Records13(server)).Concat(Misplaced12(server)).Concat(Records12(server)))
            {
                yield return row;
            }
        }

        foreach (Case row in Tickets().Concat(CertificateRequests()))
        {
            yield return row;
        }
    }

    private static IEnumerable<Case> Misplaced13(bool server)
    {
        List<int> types =
        [
            HandshakeType.hello_request, HandshakeType.client_hello, HandshakeType.server_hello, HandshakeType.end_of_early_data,
            HandshakeType.encrypted_extensions, HandshakeType.certificate, HandshakeType.server_key_exchange, HandshakeType.certificate_request,
            HandshakeType.server_hello_done, HandshakeType.certificate_verify, HandshakeType.client_key_exchange, HandshakeType.finished,
            HandshakeType.certificate_status, HandshakeType.message_hash, 99,
        ];
        if (server)
        {
            types.Add(HandshakeType.new_session_ticket);
        }

        foreach (int type in types)
        {
            yield return new Case($"handshake type {type} at the wrong time", V13, server, "UNEXPECTED_MESSAGE", 10, it => it.Handshake(Message(type)));
        }

        yield return new Case("the header of a huge misplaced message is enough", V13, server, "UNEXPECTED_MESSAGE", 10, it => it.Handshake(20, 0xFF, 0xFF, 0xFF));
    }

    private static IEnumerable<Case> KeyUpdates(bool server)
    {
        yield return new Case("KeyUpdate without a body", V13, server, "BAD_KEY_UPDATE", 50, it => it.Handshake(Message(HandshakeType.key_update)));
        yield return new Case("KeyUpdate that asks for 2", V13, server, "BAD_KEY_UPDATE", 47, it => it.Handshake(Message(HandshakeType.key_update, 2)));
        yield return new Case("KeyUpdate of two bytes", V13, server, "EXCESSIVE_MESSAGE_SIZE", 47, it => it.Handshake(Message(HandshakeType.key_update, 0, 0)));
        yield return new Case("KeyUpdate with a message behind it", V13, server, "NOT_ON_RECORD_BOUNDARY", 10, it => it.Handshake([.. KeyUpdate, .. KeyUpdate]));
        yield return new Case("KeyUpdate with a byte behind it", V13, server, "NOT_ON_RECORD_BOUNDARY", 10, it => it.Handshake([.. KeyUpdate, 24]));
        yield return new Case("data under the key before KeyUpdate", V13, server, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 20, it =>
        {
            it.Handshake(KeyUpdate);
            it.Record(ContentType.application_data, 1);
        });
        yield return new Case("33 KeyUpdates in a row", V13, server, "TOO_MANY_KEY_UPDATES", 10, it =>
        {
            for (int count = 0; count < 33; count++)
            {
                it.Peer.UpdateKeys(requestPeer: false);
            }

            Move(it.Peer, it.Victim);
        });
        yield return new Case("33 KeyUpdates with empty records between them", V13, server, "TOO_MANY_KEY_UPDATES", 10, it => Times(33, () =>
        {
            it.Peer.UpdateKeys(requestPeer: false);
            Move(it.Peer, it.Victim);
            it.Record(ContentType.application_data);
        }));
        yield return new Case("data inside a KeyUpdate", V13, server, "MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA", 10, it =>
        {
            it.Handshake(KeyUpdate[..3]);
            it.Record(ContentType.application_data, 1);
        });
        yield return new Case("an alert inside a KeyUpdate", V13, server, "MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA", 10, it =>
        {
            it.Handshake(KeyUpdate[..4]);
            it.Record(ContentType.alert, 1, (byte)AlertDescription.close_notify);
        });
    }

    private static IEnumerable<Case> Records13(bool server)
    {
        foreach (Case row in Records(V13, server))
        {
            yield return row;
        }

        yield return new Case("an empty handshake record", V13, server, "BAD_LENGTH", 10, it => it.Record(ContentType.handshake));
        foreach (int type in new[] { 0x14, 0x18, 0xFF })
        {
            yield return new Case($"inner content type {type}", V13, server, "BAD_RECORD_TYPE", 10, it => it.Record(type, 1));
        }

        yield return new Case("the header of a plaintext alert", V13, server, "BAD_RECORD_TYPE", 10, it => it.Raw(21, 3, 3, 0, 2));
        yield return new Case("the header of ChangeCipherSpec", V13, server, "BAD_RECORD_TYPE", 10, it => it.Raw(20, 3, 3, 0, 1));
        yield return new Case("the header of an unknown type", V13, server, "BAD_RECORD_TYPE", 10, it => it.Raw(99, 3, 3, 0, 64));
        yield return new Case("the header of a record of 16641 bytes", V13, server, "ENCRYPTED_LENGTH_TOO_LONG", 22, it => it.Raw(23, 3, 3, 0x41, 0x01));
        yield return new Case("no inner content type", V13, server, "BAD_RECORD_TYPE", 10, it => it.Record(0, 0, 0, 0));
        yield return new Case("a plaintext alert", V13, server, "BAD_RECORD_TYPE", 10, it => it.Raw(Plain(ContentType.alert, [2, 40])));
        yield return new Case("a plaintext close_notify", V13, server, "BAD_RECORD_TYPE", 10, it => it.Raw(Plain(ContentType.alert, [1, 0])));
        yield return new Case("a plaintext handshake message", V13, server, "BAD_RECORD_TYPE", 10, it => it.Raw(Plain(ContentType.handshake, KeyUpdate)));
        yield return new Case("ChangeCipherSpec", V13, server, "BAD_RECORD_TYPE", 10, it => it.Raw(Plain(ContentType.change_cipher_spec, [1])));
        yield return new Case("a record of version 3.1", V13, server, "WRONG_VERSION_NUMBER", 50, it => it.Raw(Tampered(it.Seal(ContentType.application_data, [1]), 2, 1)));
        yield return new Case("a record of 16641 bytes", V13, server, "ENCRYPTED_LENGTH_TOO_LONG", 70 - 48, it => it.Raw(Plain(ContentType.application_data, new byte[16641])));
        yield return new Case("five user_canceled alerts", V13, server, "TOO_MANY_WARN_ALERTS", 10, it => Times(5, () => it.Record(ContentType.alert, 1, (byte)AlertDescription.user_canceled)));
        yield return new Case("a warning that TLS 1.3 takes for fatal", V13, server, "SSLV3_ALERT_HANDSHAKE_FAILURE", -1, it => it.Record(ContentType.alert, 1, (byte)AlertDescription.handshake_failure));
        yield return new Case("an unknown alert", V13, server, "UNKNOWN_ALERT_TYPE", -1, it => it.Record(ContentType.alert, 1, 200));
    }

    private static IEnumerable<Case> Records(int version, bool server)
    {
        yield return new Case("an empty alert record", version, server, version == V13 ? "BAD_LENGTH" : "INVALID_ALERT", 10, it => it.Record(ContentType.alert));
        yield return new Case("33 empty records in a row", version, server, "RECORD_TOO_SMALL", 10, it => Times(33, () => it.Record(ContentType.application_data)));
        yield return new Case("half an alert", version, server, "INVALID_ALERT", 10, it => it.Record(ContentType.alert, 2));
        yield return new Case("two alerts in one record", version, server, "INVALID_ALERT", 10, it => it.Record(ContentType.alert, 1, 0, 1, 0));
        yield return new Case("a fatal alert", version, server, "TLSV1_ALERT_INTERNAL_ERROR", -1, it => it.Record(ContentType.alert, 2, (byte)AlertDescription.internal_error));
        yield return new Case("16385 bytes of data in a record", version, server, "DATA_LENGTH_TOO_LONG", 22, it => it.Record(ContentType.application_data, new byte[16385]));
        yield return new Case("a record of 20000 bytes", version, server, "PACKET_LENGTH_TOO_LONG", 22, it => it.Raw(Plain(ContentType.application_data, new byte[20000])));
        yield return new Case("the header of a record of 65535 bytes", version, server, "PACKET_LENGTH_TOO_LONG", 22, it => it.Raw(23, 3, 3, 0xFF, 0xFF));
        yield return new Case("the header of a record of 16708 bytes", version, server, "PACKET_LENGTH_TOO_LONG", 22, it => it.Raw(23, 3, 3, 0x41, 0x44));
        yield return new Case("the header of a record of 16705 bytes", version, server, "ENCRYPTED_LENGTH_TOO_LONG", 22, it => it.Raw(23, 3, 3, 0x41, 0x41));
        yield return new Case("the header of a record of version 7.3", version, server, "WRONG_VERSION_NUMBER", 70, it => it.Raw(23, 7, 3, 0, 64));
        yield return new Case("the header of a record of version 3.2", version, server, "WRONG_VERSION_NUMBER", version == V13 ? 50 : 70, it => it.Raw(23, 3, 2, 0, 64));
        yield return new Case("the beginning of plaintext", version, server, "WRONG_VERSION_NUMBER", 70, it => it.Raw("421 c"u8.ToArray()));
        yield return new Case("the beginning of another plaintext", version, server, "WRONG_VERSION_NUMBER", 70, it => it.Raw("SSH-2"u8.ToArray()));
        yield return new Case("a flipped bit", version, server, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 20, it => it.Raw(Tampered(it.Seal(ContentType.application_data, [1]), ^1, 0x80)));
        yield return new Case("a record cut short", version, server, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 20, it => it.Raw(Plain(ContentType.application_data, it.Seal(ContentType.application_data, [1])[5..^1])));
        yield return new Case("a record shorter than its tag", version, server, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 20, it => it.Raw(Plain(ContentType.application_data, [1, 2, 3])));
        yield return new Case("an empty record without protection", version, server, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 20, it => it.Raw(Plain(ContentType.application_data, [])));
        yield return new Case("a record twice", version, server, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 20, it =>
        {
            byte[] record = it.Seal(ContentType.application_data, [1]);
            it.Raw(record);
            it.Raw(record);
        });
        yield return new Case("two records in the wrong order", version, server, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 20, it =>
        {
            byte[] first = it.Seal(ContentType.application_data, [1]);
            it.Raw(it.Seal(ContentType.application_data, [2]));
            it.Raw(first);
        });
        yield return new Case("a record of version 4.0", version, server, "WRONG_VERSION_NUMBER", 70, it => it.Raw(Tampered(it.Seal(ContentType.application_data, [1]), 1, 4)));
        yield return new Case("a record's type changed on the way", version, server, version == V13 ? "BAD_RECORD_TYPE" : "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", version == V13 ? 10 : 20, it => it.Raw(Tampered(it.Seal(ContentType.application_data, [1]), 0, 22)));
        yield return new Case("the last sequence number", version, server, "SEQUENCE_CTR_WRAPPED", 80, it =>
        {
            it.Victim.RecordProtection!.ReadSequence = long.MaxValue;
            it.Record(ContentType.application_data, 1);
        });
    }

    private static IEnumerable<Case> Misplaced12(bool server)
    {
        List<int> types =
        [
            HandshakeType.server_hello, HandshakeType.new_session_ticket, HandshakeType.encrypted_extensions, HandshakeType.certificate,
            HandshakeType.server_key_exchange, HandshakeType.certificate_request, HandshakeType.server_hello_done, HandshakeType.certificate_verify,
            HandshakeType.client_key_exchange, HandshakeType.finished, HandshakeType.certificate_status, HandshakeType.key_update, 99,
        ];
        types.Add(server ? HandshakeType.hello_request : HandshakeType.client_hello);
        foreach (int type in types)
        {
            yield return new Case($"handshake type {type} at the wrong time", V12, server, "UNEXPECTED_MESSAGE", 10, it => it.Handshake(Message(type)));
        }
    }

    private static IEnumerable<Case> Records12(bool server)
    {
        foreach (Case row in Records(V12, server))
        {
            yield return row;
        }

        foreach (int type in new[] { 0, 0x18, 0xFF })
        {
            yield return new Case($"content type {type}", V12, server, "UNEXPECTED_RECORD", 10, it => it.Record(type, 1));
        }

        yield return new Case("ChangeCipherSpec", V12, server, "UNEXPECTED_RECORD", 10, it => it.Record(ContentType.change_cipher_spec, 1));
        yield return new Case("an empty ChangeCipherSpec", V12, server, "BAD_CHANGE_CIPHER_SPEC", 10, it => it.Record(ContentType.change_cipher_spec));
        yield return new Case("33 empty handshake records in a row", V12, server, "RECORD_TOO_SMALL", 10, it => Times(33, () => it.Record(ContentType.handshake)));
        yield return new Case("33 empty records of both kinds in a row", V12, server, "RECORD_TOO_SMALL", 10, it =>
        {
            Times(16, () => it.Record(ContentType.handshake));
            Times(17, () => it.Record(ContentType.application_data));
        });
        yield return new Case("a wrong ChangeCipherSpec", V12, server, "BAD_CHANGE_CIPHER_SPEC", 10, it => it.Record(ContentType.change_cipher_spec, 2));
        yield return new Case("a plaintext ChangeCipherSpec", V12, server, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 20, it => it.Raw(Plain(ContentType.change_cipher_spec, [1])));
        yield return new Case("a plaintext alert", V12, server, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 20, it => it.Raw(Plain(ContentType.alert, [2, 40])));
        yield return new Case("a record of version 3.1", V12, server, "WRONG_VERSION_NUMBER", 70, it => it.Raw(Tampered(it.Seal(ContentType.application_data, [1]), 2, 1)));
        yield return new Case("five warnings", V12, server, "TOO_MANY_WARN_ALERTS", 10, it => Times(5, () => it.Record(ContentType.alert, 1, (byte)AlertDescription.user_canceled)));
        yield return new Case("five warnings with empty records between", V12, server, "TOO_MANY_WARN_ALERTS", 10, it => Times(5, () =>
        {
            it.Record(ContentType.application_data);
            it.Record(ContentType.alert, 1, (byte)AlertDescription.user_canceled);
        }));
        yield return new Case("an alert of level 3", V12, server, "UNKNOWN_ALERT_TYPE", 47, it => it.Record(ContentType.alert, 3, 0));
        yield return new Case(server ? "a renegotiation's ClientHello of 200000 bytes" : "a HelloRequest with a body", V12, server, "EXCESSIVE_MESSAGE_SIZE", 47, it => it.Handshake(server ? [1, 3, 13, 64] : Message(HandshakeType.hello_request, 1)));
    }

    private static IEnumerable<Case> Tickets()
    {
        byte[] ticket = [0, 0, 1, 0, 1, 2, 3, 4, 1, 9, 0, 2, 7, 7, 0, 0];
        for (int length = 0; length < ticket.Length; length++)
        {
            int cut = length;
            yield return new Case($"NewSessionTicket cut to {cut} bytes", V13, false, "LENGTH_MISMATCH", 50, it => it.Handshake(Message(HandshakeType.new_session_ticket, ticket[..cut])));
        }

        yield return new Case("NewSessionTicket with a byte behind it", V13, false, "LENGTH_MISMATCH", 50, it => it.Handshake(Message(HandshakeType.new_session_ticket, [.. ticket, 0])));
        yield return new Case("NewSessionTicket with an extension twice", V13, false, "BAD_EXTENSION", 47, it => it.Handshake(Message(HandshakeType.new_session_ticket, [.. ticket[..^2], 0, 8, 0x12, 0x34, 0, 0, 0x12, 0x34, 0, 0])));
        yield return new Case("NewSessionTicket with early_data of three bytes", V13, false, "INVALID_MAX_EARLY_DATA", 50, it => it.Handshake(Message(HandshakeType.new_session_ticket, [.. ticket[..^2], 0, 7, 0, 42, 0, 3, 0, 0, 1])));
        yield return new Case("NewSessionTicket of 200000 bytes", V13, false, "EXCESSIVE_MESSAGE_SIZE", 47, it => it.Handshake(4, 3, 13, 64));
        yield return new Case("data inside a NewSessionTicket", V13, false, "MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA", 10, it =>
        {
            it.Handshake(Message(HandshakeType.new_session_ticket, ticket)[..9]);
            it.Record(ContentType.application_data, 1);
        });
    }

    private static IEnumerable<Case> CertificateRequests()
    {
        byte[] algorithms = [0, 13, 0, 4, 0, 2, 4, 3];
        byte[] request = [1, 42, 0, 8, .. algorithms];
        Case Row(string name, string reason, int alert, params byte[] body)
            => new(name, V13, false, reason, alert, it => it.Handshake(Message(HandshakeType.certificate_request, body))) { ClientSettings = context => context.PostHandshakeAuth = true };

        for (int length = 0; length < request.Length; length++)
        {
            yield return Row($"CertificateRequest cut to {length} bytes", "LENGTH_MISMATCH", 50, request[..length]);
        }

        yield return Row("CertificateRequest with a byte behind it", "LENGTH_MISMATCH", 50, [.. request, 0]);
        yield return Row("CertificateRequest without signature_algorithms", "MISSING_SIGALGS_EXTENSION", 109, 1, 42, 0, 0);
        yield return Row("CertificateRequest with signature_algorithms twice", "BAD_EXTENSION", 47, [1, 42, 0, 16, .. algorithms, .. algorithms]);
        yield return Row("CertificateRequest with key_share", "BAD_EXTENSION", 47, [1, 42, 0, 12, .. algorithms, 0, 51, 0, 0]);
        yield return Row("CertificateRequest with an empty list of algorithms", "BAD_EXTENSION", 50, 1, 42, 0, 6, 0, 13, 0, 2, 0, 0);
        yield return new Case("CertificateRequest of 200000 bytes", V13, false, "EXCESSIVE_MESSAGE_SIZE", 47, it => it.Handshake(13, 3, 13, 64)) { ClientSettings = context => context.PostHandshakeAuth = true };
    }

    private static IEnumerable<Case> ToleratedRows()
    {
        foreach (bool server in new[] { false, true })
        {
            yield return new Case("KeyUpdate", V13, server, "", -1, it => { it.Peer.UpdateKeys(false); Move(it.Peer, it.Victim); });
            yield return new Case("a KeyUpdate cut by its records", V13, server, "", -1, it =>
            {
                byte[] first = it.Seal(ContentType.handshake, KeyUpdate.AsSpan(0, 2));
                byte[] second = it.Seal(ContentType.handshake, KeyUpdate.AsSpan(2));
                it.Peer.RecordProtection!.WriteSequence -= 2;
                it.Peer.UpdateKeys(false);
                it.Peer.OutputSent(it.Peer.OutputLength);
                it.Raw(first);
                it.Raw(second);
            });
            yield return new Case("32 KeyUpdates, data, and 32 again", V13, server, "", -1, it =>
            {
                for (int round = 0; round < 2; round++)
                {
                    Times(32, () => it.Peer.UpdateKeys(false));
                    Move(it.Peer, it.Victim);
                    it.Record(ContentType.application_data, 1);
                }
            });
            yield return new Case("four user_canceled alerts, data, and four again", V13, server, "", -1, it =>
            {
                for (int round = 0; round < 2; round++)
                {
                    Times(4, () => it.Record(ContentType.alert, 1, (byte)AlertDescription.user_canceled));
                    it.Record(ContentType.application_data, 1);
                }
            });
            yield return new Case("32 empty handshake records", V12, server, "", -1, it => Times(32, () => it.Record(ContentType.handshake)));
            yield return new Case("four warnings", V12, server, "", -1, it => Times(4, () => it.Record(ContentType.alert, 1, (byte)AlertDescription.user_canceled)));
            yield return new Case("no_renegotiation", V12, server, "", -1, it => it.Record(ContentType.alert, 1, (byte)AlertDescription.no_renegotiation));
            foreach (int version in new[] { V12, V13 })
            {
                yield return new Case("32 empty records, data, and 32 again", version, server, "", -1, it =>
                {
                    for (int round = 0; round < 2; round++)
                    {
                        Times(32, () => it.Record(ContentType.application_data));
                        it.Record(ContentType.application_data, 1);
                    }
                });
                yield return new Case("16384 bytes of data in a record", version, server, "", -1, it => it.Record(ContentType.application_data, new byte[16384]));
            }
        }

        yield return new Case("HelloRequest", V12, false, "", AlertDescription.no_renegotiation, it => it.Handshake(Message(HandshakeType.hello_request)))
            with
        { ClientSettings = context => context.Options |= (ulong)SslModule.Engine.Context.TlsOptions.NoRenegotiation };
        yield return new Case("a renegotiation's ClientHello", V12, true, "", AlertDescription.no_renegotiation, it => it.Handshake(Message(HandshakeType.client_hello, new byte[40])));
        yield return new Case("a renegotiation's ClientHello in two records", V12, true, "", AlertDescription.no_renegotiation, it =>
        {
            it.Handshake(Message(HandshakeType.client_hello, new byte[40])[..30]);
            it.Handshake(new byte[14]);
        });
    }

    private static byte[] Tampered(byte[] record, Index at, byte value)
    {
        record[at] = at.IsFromEnd ? (byte)(record[at] ^ value) : value;
        return record;
    }

    private static void Times(int count, Action act)
    {
        for (int done = 0; done < count; done++)
        {
            act();
        }
    }

    /// <summary>A row of the table.</summary>
    internal sealed record Case(string Name, int Version, bool Server, string Reason, int Alert, Action<Intruder> Act)
    {
        public Action<TlsContext>? ServerSettings { get; init; }

        public Action<TlsContext>? ClientSettings { get; init; }
    }
}
