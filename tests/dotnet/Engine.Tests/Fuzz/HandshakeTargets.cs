using System.Buffers.Binary;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Tests.Handshake;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Fuzz;

/// <summary>A peer's bytes: before there are keys, in place of a message under keys, after the handshake, and between calls of a program.</summary>
internal static class HandshakeTargets
{
    private static readonly int[] Versions = [0x0304, 0x0303, 0x0302, 0x0301, 0x0300];
    private static readonly TlsContext[] Clients = [.. Versions.Select(version => Old(TestContexts.Careless(version)))];
    private static readonly TlsContext[] Servers = [.. Versions.Select(version => Old(Asking(TestContexts.Server(version))))];

    /// <summary>These targets.</summary>
    public static IEnumerable<FuzzTarget> All =>
    [
        new("client", () => Recorded(toClient: true), input => Feed(input, isServer: false)),
        new("server", () => Recorded(toClient: false), input => Feed(input, isServer: true)),
        new("messages", MessageSeeds, ReplaceMessage),
        new("established", EstablishedSeeds, SendSealed),
        new("steps", () => [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 0x10, 0x21, 0x32, 0x43, 0x54, 0x65, 0x76]], Steps),
    ];

    // What OpenSSL's level 1 refuses of the versions before TLS 1.2.
    private static TlsContext Old(TlsContext context)
    {
        context.SetCiphers("ALL:eNULL:@SECLEVEL=0");
        return context;
    }

    private static TlsContext Asking(TlsContext context)
    {
        context.LoadVerifyPem(TestContexts.RootPem);
        context.VerifyMode = VerifyMode.Optional;
        return context;
    }

    /// <summary>What went over in handshakes of each version, behind the version's index.</summary>
    private static IEnumerable<byte[]> Recorded(bool toClient)
    {
        for (int index = 0; index < Versions.Length; index++)
        {
            var wire = new List<byte> { (byte)index };
            MemoryPair.Shake(Clients[index], Servers[index], "localhost", (fromClient, bytes) =>
            {
                if (fromClient != toClient)
                {
                    wire.AddRange(bytes);
                }

                return bytes;
            }).Dispose();
            yield return [.. wire];
        }
    }

    private static void Feed(byte[] input, bool isServer)
    {
        if (input.Length == 0)
        {
            return;
        }

        int index = input[0] % Versions.Length;
        using var connection = new TlsConnection((isServer ? Servers : Clients)[index], isServer, isServer ? null : "localhost");
        FuzzTarget.PeersFault(() => connection.Handshake());
        connection.Input(input.AsSpan(1));
        FuzzTarget.PeersFault(() => connection.Handshake());
        connection.InputEnd();
        FuzzTarget.PeersFault(() => connection.Handshake());
    }

    private static IEnumerable<byte[]> MessageSeeds()
    {
        foreach (byte index in (byte[])[0, 1])
        {
            foreach (byte toServer in (byte[])[0, 1])
            {
                for (byte place = 0; place < 6; place++)
                {
                    byte[] content = [];
                    Scripted(index, toServer, place, message => content = message);
                    if (content.Length > 0)
                    {
                        yield return [index, toServer, place, .. content];
                    }
                }
            }
        }
    }

    /// <summary>Puts the input in the place of the content of one of a peer's records, which is protected as it would have been.</summary>
    private static void ReplaceMessage(byte[] input)
    {
        if (input.Length > 3)
        {
            Scripted(input[0], input[1], input[2], _ => input[3..]);
        }
    }

    private static void Scripted(byte version, byte toServer, byte place, Func<byte[], byte[]> change)
    {
        int seen = 0;
        var peer = new ScriptedPeer(
            Versions[version % 2],
            victimIsServer: toServer % 2 == 1,
            (wire, type, content) => wire.Send(type, type == (short)ContentType.handshake && seen++ == place % 6 ? change(content) : content),
            server: context => context.VerifyMode = VerifyMode.Optional);
        FuzzTarget.PeersFault(() =>
        {
            peer.Run();
            if (peer.Failure is { } failure)
            {
                throw failure;
            }
        });
    }

    private static IEnumerable<byte[]> EstablishedSeeds()
    {
        byte[] update = [24, 0, 0, 1, 1];
        byte[] ticket = [4, 0, 0, 0x15, 0, 0, 0x1c, 0x20, 0, 0, 0, 1, 2, 0, 0, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0];
        byte[] request = [13, 0, 0, 0x0d, 1, 1, 0, 9, 0, 13, 0, 5, 0, 3, 4, 3, 8];
        byte[] hello = [0, 0, 0, 0];
        for (byte which = 0; which < 4; which++)
        {
            foreach (byte[] message in (byte[][])[update, ticket, request, hello])
            {
                yield return [which, (byte)ContentType.handshake, 0, (byte)message.Length, .. message, (byte)ContentType.application_data, 0, 3, 1, 2, 3];
            }

            yield return [which, (byte)ContentType.alert, 0, 2, 1, 0];
            yield return [which, 255, 0, 7, 23, 3, 3, 0, 2, 9, 9];
        }
    }

    /// <summary>Sends records under the keys of a connection: type, length and content of each; type 255 for bytes without protection.</summary>
    private static void SendSealed(byte[] input)
    {
        if (input.Length < 4)
        {
            return;
        }

        var intruder = new Intruder(Versions[input[0] & 1], victimIsServer: (input[0] & 2) != 0);
        for (int at = 1; at + 3 <= input.Length;)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(at + 1)), Math.Min(input.Length - at - 3, 1 << 14));
            byte[] content = input.AsSpan(at + 3, length).ToArray();
            if (input[at] == byte.MaxValue)
            {
                intruder.Raw(content);
            }
            else
            {
                intruder.Record(input[at], content);
            }

            if (FuzzTarget.PeersFault(() => Raise(intruder.Read())) is not null)
            {
                return;
            }

            at += 3 + length;
        }
    }

    private static void Raise(Exception? error)
    {
        if (error is not null)
        {
            throw error;
        }
    }

    /// <summary>Calls of two programs in any order, with the bytes of each carried to the other in pieces.</summary>
    private static void Steps(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        int index = input[0] % 2;
        using var client = new TlsConnection(Clients[index], serverSide: false, "localhost");
        using var server = new TlsConnection(Servers[index], serverSide: true, null);
        byte[] room = new byte[4096];
        foreach (byte step in input.AsSpan(1))
        {
            (TlsConnection one, TlsConnection other) = (step & 8) == 0 ? (client, server) : (server, client);
            FuzzTarget.PeersFault(() => Step(step & 7, 1 + ((step >> 4) * 97), one, other, room));
        }
    }

    private static void Step(int what, int amount, TlsConnection one, TlsConnection other, byte[] room)
    {
        switch (what)
        {
            case 0:
                one.Handshake();
                break;
            case 1:
                one.Write(room.AsSpan(0, amount), out _);
                break;
            case 2:
                one.Read(room.AsSpan(0, amount), out _);
                break;
            case 3:
                one.Shutdown();
                break;
            case 4:
                one.InputEnd();
                break;
            case 5 when one.IsHandshakeComplete && one.Version == "TLSv1.3":
                one.UpdateKeys(requestPeer: (amount & 1) == 1);
                break;
            default:
                int length = Math.Min(one.OutputLength, what == 6 ? amount : int.MaxValue);
                other.Input(one.Output[..length]);
                one.OutputSent(length);
                break;
        }
    }
}
