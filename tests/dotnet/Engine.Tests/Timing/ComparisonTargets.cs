using System.Security.Cryptography;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using SslModule.Engine.Handshake.Tls12;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Handshake;
using SslModule.Engine.Wire;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Tests.Timing;

/// <summary>Values that a peer has to know, wrong at their first byte or at their last: Finished, binders, tickets.</summary>
internal static class ComparisonTargets
{
    private const string Classes = "first byte wrong / last byte wrong";

    public static IEnumerable<KeyValuePair<string, Func<string, TimingTarget>>> All { get; } =
    [
        new("ticket", Ticket),
        new("finished-tls13", Finished13),
        new("finished-tls12", Finished12),
        new("binder", Binder),
    ];

    private static TimingTarget Ticket(string name)
    {
        var keys = new TicketKeys();
        DateTimeOffset now = DateTimeOffset.UnixEpoch.AddYears(50);
        byte[] good = keys.Seal(RandomNumberGenerator.GetBytes(150), [1], now);
        byte[] given = new byte[good.Length];
        return Wrong(name, good, good.Length - 16, given, () =>
        {
            if (keys.Open(given, [1], now) is not null)
            {
                throw new InvalidOperationException("the ticket was taken");
            }
        });
    }

    private static TimingTarget Finished13(string name)
    {
        HandshakeState state = State(TestContexts.Tls13);
        var secrets = new HandshakeSecrets(HashAlgorithm.sha256, []);
        var role = new Role13(state);
        role.Begin(secrets);
        byte[] given = new byte[secrets.Length];
        return Wrong(name, role.Expected(secrets), 0, given, () => Refused(() => role.Check(secrets, given)));
    }

    private static TimingTarget Finished12(string name)
    {
        HandshakeState state = State(TestContexts.Tls12);
        state.Cipher = CipherSuites.ByName("ECDHE-RSA-AES128-GCM-SHA256");
        var role = new Role12(state);
        role.Begin();
        byte[] given = new byte[role.Expected().Length];
        return Wrong(name, role.Expected(), HandshakeMessages.HeaderLength, given, () => Refused(() => role.Check(given)));
    }

    // A whole ClientHello at a new server: the binder is the last thing in it.
    private static TimingTarget Binder(string name)
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        TlsContext serverContext = TestContexts.BareServer(TestContexts.Tls13), clientContext = TestContexts.Client(TestContexts.Tls13);
        serverContext.PskServerCallback = (_, _) => key;
        clientContext.PskClientCallback = (_, _) => new PskCredentials("x"u8.ToArray(), key);
        using var client = new TlsConnection(clientContext, serverSide: false, null);
        client.Handshake();
        byte[] good = client.Output.ToArray();
        var server = new TlsConnection(serverContext, serverSide: true, null);
        return new TimingTarget(
            name,
            Classes,
            good.Length,
            (second, input) =>
            {
                good.CopyTo(input, 0);
                input[second ? ^1 : ^SHA256.HashSizeInBytes] ^= 1;
            },
            input =>
            {
                server.Dispose();
                server = new TlsConnection(serverContext, serverSide: true, null);
                server.Input(input);
            },
            () =>
            {
                try
                {
                    server.Handshake();
                }
                catch (TlsError error) when (error.Reason == "BINDER_DOES_NOT_VERIFY")
                {
                    return;
                }

                throw new InvalidOperationException("the binder was taken");
            });
    }

    private static HandshakeState State(int version)
    {
        TlsContext context = TestContexts.Server(version);
        return new HandshakeState(context, isServer: true, null) { Connection = new TlsConnection(context, serverSide: true, null), Version = version, OfferedVersion = version };
    }

    private static TimingTarget Wrong(string name, byte[] good, int first, byte[] given, Action run) => new(
        name,
        Classes,
        good.Length,
        (second, input) =>
        {
            good.CopyTo(input, 0);
            input[second ? good.Length - 1 : first] ^= 1;
        },
        input => input.CopyTo(given, 0),
        run);

    private static void Refused(Action check)
    {
        try
        {
            check();
        }
        catch (FatalAlertException refusal) when (refusal.Alert == AlertDescription.decrypt_error)
        {
            return;
        }

        throw new InvalidOperationException("the Finished was taken");
    }

    private sealed class Role13(HandshakeState state) : Handshake13(state)
    {
        public void Begin(HandshakeSecrets secrets)
        {
            State.Transcript.Append(new byte[500]);
            Protect(secrets, new byte[32], CipherSuite.TLS_AES_128_GCM_SHA256);
        }

        public byte[] Expected(HandshakeSecrets secrets)
        {
            byte[] digest = new byte[secrets.Length], verifyData = new byte[secrets.Length];
            State.Transcript.Hash(secrets.Hash, digest);
            HandshakeSecrets.VerifyData(secrets.Hash, Cipher!.ReadSecret, digest, verifyData);
            return verifyData;
        }

        public void Check(HandshakeSecrets secrets, byte[] verifyData) => CheckFinished(secrets, verifyData);

        public override bool Expects(HandshakeType type) => false;

        public override HandshakeRole Receive(HandshakeType type, ReadOnlyMemory<byte> message) => this;
    }

    private sealed class Role12(HandshakeState state) : Handshake12(state, [HandshakeType.finished])
    {
        public void Begin()
        {
            State.Transcript.Append(new byte[500]);
            Agree(RandomNumberGenerator.GetBytes(48));
        }

        public byte[] Expected() => [(byte)HandshakeType.finished, 0, 0, 12, .. Master!.VerifyData(ofServer: false, State.Transcript.Messages)];

        public void Check(byte[] message)
        {
            GoTo(HandshakeType.finished);
            Receive(HandshakeType.finished, message);
        }

        protected override Presence PresenceOf(int step) => Presence.Required;

        protected override void ReceiveMessage(HandshakeType type, ReadOnlyMemory<byte> message)
        {
            // There is no other message.
        }

        protected override void ReceiveFinished(byte[] verifyData) => throw new InvalidOperationException("the Finished was taken");
    }
}
