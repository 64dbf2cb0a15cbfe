using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using static SslModule.Engine.Tests.Handshake.Intruder;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>
/// Every handshake message, cut at every length, with a byte behind it and with every byte changed: the peer made the mistake,
/// so whatever comes of it is no internal error.
/// </summary>
public sealed class BrokenMessageTests
{
    private const int RecordHeader = 5;
    private static readonly Lazy<string> DhFile = new(WriteDh);

    // Where a message is long, and its middle is tested elsewhere or in another handshake.
    private const int FirstBytes = 24;
    private const int LastBytes = 4;

    private static readonly short[] ToClient =
    [
        HandshakeType.server_hello, HandshakeType.certificate, HandshakeType.certificate_status, HandshakeType.server_key_exchange,
        HandshakeType.certificate_request, HandshakeType.server_hello_done, HandshakeType.new_session_ticket,
    ];

    private static readonly short[] ToServer =
    [
        HandshakeType.client_hello, HandshakeType.certificate, HandshakeType.client_key_exchange, HandshakeType.certificate_verify,
    ];

    private static readonly Scenario[] Scenarios =
    [
        new(0x0303, "ECDHE-ECDSA-AES128-GCM-SHA256", Rsa: false, Asks: true, Whole: true),
        new(0x0303, "ECDHE-RSA-AES128-GCM-SHA256", Rsa: true, Asks: true),
        new(0x0303, "AES128-GCM-SHA256", Rsa: true, Asks: false),
        new(0x0303, "DHE-RSA-AES128-GCM-SHA256", Rsa: true, Asks: false),
        new(0x0303, "ADH-AES128-GCM-SHA256", Rsa: true, Asks: false),
        new(0x0303, "AECDH-AES128-SHA", Rsa: true, Asks: false),
        new(0x0303, "PSK-AES128-GCM-SHA256", Rsa: true, Asks: false),
        new(0x0303, "DHE-PSK-AES128-GCM-SHA256", Rsa: true, Asks: false),
        new(0x0303, "ECDHE-PSK-AES128-CBC-SHA256", Rsa: true, Asks: false),
        new(0x0303, "RSA-PSK-AES128-GCM-SHA256", Rsa: true, Asks: false),
        new(0x0302, "ECDHE-ECDSA-AES128-SHA", Rsa: false, Asks: true),
        new(0x0302, "ECDHE-RSA-AES128-SHA", Rsa: true, Asks: true),
        new(0x0301, "ECDHE-ECDSA-AES128-SHA", Rsa: false, Asks: true, Whole: true),
        new(0x0301, "AES128-SHA", Rsa: true, Asks: true),
        new(0x0301, "DHE-RSA-AES128-SHA", Rsa: true, Asks: false),
        new(0x0300, "AES128-SHA", Rsa: true, Asks: true),
        new(0x0300, "DHE-RSA-AES128-SHA", Rsa: true, Asks: true),
    ];

    public static IEnumerable<TestCaseData> Older()
        => Scenarios.SelectMany(scenario => new[] { (false, ToClient), (true, ToServer) }.Select(way
            => new TestCaseData(scenario, way.Item1, way.Item2).SetName($"broken messages to the {(way.Item1 ? "server" : "client")}, {scenario.Version:x4} {scenario.Ciphers}")));

    [TestCaseSource(nameof(Older))]
    public void IsNoInternalError(Scenario scenario, bool toServer, short[] types)
    {
        (TlsContext client, TlsContext server) = scenario.Contexts();
        int seen = 0;
        foreach (short type in types.Where(type => scenario.Whole || !IsTheSameEverywhere(type)))
        {
            byte[]? body = Run(client, server, toServer, type, message => message, out TlsError? failure);
            Assert.That(failure?.Describe(), Is.Null);
            seen += body is null ? 0 : 1;
            foreach ((string what, Func<byte[], byte[]> change) in Changes(body ?? [], scenario.Whole && scenario.Version == 0x0303))
            {
                Run(client, server, toServer, type, change, out failure);
                AssertThePeersFault(failure, $"type {type}, {what}");
            }
        }

        Assert.That(seen, Is.Positive);
    }

    [Test]
    public void FinishedIsNone([Values(0x0303, 0x0304)] int version, [Values] bool toServer)
        => Sealed(version, toServer, HandshakeType.finished);

    [TestCase(HandshakeType.client_hello, true)]
    [TestCase(HandshakeType.server_hello, false)]
    [TestCase(HandshakeType.encrypted_extensions, false)]
    [TestCase(HandshakeType.certificate_request, false)]
    [TestCase(HandshakeType.certificate, false)]
    [TestCase(HandshakeType.certificate_verify, false)]
    [TestCase(HandshakeType.certificate, true)]
    [TestCase(HandshakeType.certificate_verify, true)]
    public void Of_TLS_1_3_is_none(short type, bool toServer) => Sealed(0x0304, toServer, type);

    private static void Sealed(int version, bool toServer, short type)
    {
        byte[] body = [];
        Scripted(version, toServer, type, message =>
        {
            body = message;
            return message;
        });
        Assert.That(body, Is.Not.Empty);
        foreach ((string what, Func<byte[], byte[]> change) in Changes(body, everywhere: true, flips: [0xFF]))
        {
            AssertThePeersFault(Scripted(version, toServer, type, change), what);
        }
    }

    // Hellos and certificates differ with the version alone.
    private static bool IsTheSameEverywhere(short type) => type is HandshakeType.client_hello or HandshakeType.server_hello or HandshakeType.certificate;

    // One verify code has that alert, with OpenSSL as here.
    private static void AssertThePeersFault(TlsError? failure, string at)
    {
        bool isOurs = failure is not null && failure.Kind != TlsErrorKind.CertificateVerification
            && (failure.Reason == "INTERNAL_ERROR" || failure.Alert == (byte)AlertDescription.internal_error);
        Assert.That(isOurs, Is.False, $"{at}: {failure?.Describe()}");
    }

    private static TlsError? Scripted(int version, bool toServer, short type, Func<byte[], byte[]> change)
    {
        void Old(TlsContext context) => context.SetCiphers("ALL:@SECLEVEL=0");
        return new ScriptedPeer(
            version,
            toServer,
            (wire, sent, content) => wire.Send(sent, sent == ContentType.handshake && content[0] == type ? change(content) : content),
            server =>
            {
                Old(server);
                server.SetGroups("x25519:P-256");
                server.VerifyMode = VerifyMode.Required;
            },
            client =>
            {
                Old(client);
                client.SetGroups("x25519:P-256");
                WireContexts.Known(client);
            }).Run().Failure;
    }

    private static IEnumerable<(string What, Func<byte[], byte[]> Change)> Changes(byte[] whole, bool everywhere, params byte[] flips)
    {
        int length = Math.Max(0, whole.Length - 4);
        for (int at = 0; at < length; at++)
        {
            if (!everywhere && at >= FirstBytes && at < length - LastBytes)
            {
                continue;
            }

            int here = at;
            yield return ($"cut at {at}", message => Message(message[0], message[4..Math.Min(4 + here, message.Length)]));
            foreach (byte bits in flips.Length > 0 ? flips : [0x01, 0x80, 0xFF])
            {
                yield return ($"byte {at} ^ {bits:x2}", message => Flipped(message, 4 + here, bits));
            }
        }

        if (whole.Length > 0)
        {
            yield return ("a byte behind it", message => Message(message[0], [.. message[4..], 0]));
        }
    }

    private static byte[] Flipped(byte[] message, int at, byte bits)
    {
        byte[] changed = [.. message];
        changed[Math.Min(at, message.Length - 1)] ^= bits;
        return changed;
    }

    /// <summary>Shakes hands, with one message changed on its way.</summary>
    /// <returns>The message as it was; null when there was none.</returns>
    private static byte[]? Run(TlsContext clientContext, TlsContext serverContext, bool toServer, short type, Func<byte[], byte[]> change, out TlsError? failure)
    {
        using var client = new TlsConnection(clientContext, serverSide: false, "localhost");
        using var server = new TlsConnection(serverContext, serverSide: true, null);
        byte[]? seen = null;
        bool[] isSealed = [false, false];
        failure = null;
        for (int round = 0; round < 4 && failure is null; round++)
        {
            foreach ((TlsConnection from, TlsConnection to, bool way) in new[] { (client, server, true), (server, client, false) })
            {
                failure ??= Step(from);
                byte[] output = from.Output.ToArray();
                from.OutputSent(output.Length);
                foreach ((byte[] part, bool isMessage) in Parts(output, ref isSealed[way ? 1 : 0]))
                {
                    byte[] record = part;
                    if (way == toServer && seen is null && isMessage && part[RecordHeader] == type)
                    {
                        seen = part[RecordHeader..];
                        byte[] content = change(seen);
                        record = [.. part[..3], (byte)(content.Length >> 8), (byte)content.Length, .. content];
                    }

                    to.Input(record);
                    failure ??= Step(to);
                }
            }
        }

        return seen;
    }

    /// <summary>Plaintext handshake messages in a record each; other records as they are.</summary>
    private static List<(byte[] Record, bool IsMessage)> Parts(byte[] output, ref bool isSealed)
    {
        var parts = new List<(byte[], bool)>();
        for (int at = 0; at < output.Length;)
        {
            int length = RecordHeader + ((output[at + 3] << 8) | output[at + 4]);
            byte[] record = output[at..(at + length)];
            at += length;
            if (record[0] != ContentType.handshake || isSealed)
            {
                isSealed |= record[0] == ContentType.change_cipher_spec;
                parts.Add((record, false));
                continue;
            }

            for (int inner = RecordHeader; inner < record.Length;)
            {
                int message = 4 + ((record[inner + 1] << 16) | (record[inner + 2] << 8) | record[inner + 3]);
                parts.Add(([.. record[..3], (byte)(message >> 8), (byte)message, .. record[inner..(inner + message)]], true));
                inner += message;
            }
        }

        return parts;
    }

    private static TlsError? Step(TlsConnection connection)
    {
        try
        {
            connection.Handshake();
            return null;
        }
        catch (TlsError error)
        {
            return error;
        }
    }

    private static string WriteDh()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("engine-tests-").FullName, "dh.pem");
        File.WriteAllText(path, InstalledProgram.Run("openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048"));
        return path;
    }

    /// <summary>What is agreed on, and whether the client is asked for a certificate.</summary>
    public sealed record Scenario(int Version, string Ciphers, bool Rsa, bool Asks, bool Whole = false)
    {
        internal (TlsContext Client, TlsContext Server) Contexts()
        {
            TlsContext client = TestContexts.Client(Version, Ciphers + ":@SECLEVEL=0"), server = TestContexts.Server(Version, Ciphers + ":@SECLEVEL=0", Rsa);
            client.Options &= ~(ulong)TlsOptions.NoSslV3;
            server.Options &= ~(ulong)TlsOptions.NoSslV3;
            server.LoadDhParams(DhFile.Value);
            server.OcspResponse = ExtensionTests.Response;
            client.RequestOcspResponse = true;
            if (Ciphers.Contains("PSK", StringComparison.Ordinal))
            {
                client.PskClientCallback = (_, _) => new PskCredentials("x"u8.ToArray(), "key"u8.ToArray());
                server.PskServerCallback = (_, _) => "key"u8.ToArray();
                server.PskIdentityHint = "hint";
            }

            if (Asks)
            {
                server.LoadVerifyPem(TestContexts.RootPem);
                server.VerifyMode = VerifyMode.Optional;
                client.LoadCertChain(TestContexts.ClientCertificateFile, null, null);
            }

            return (client, server);
        }
    }
}
