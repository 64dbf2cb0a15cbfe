using System.Buffers.Binary;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;
using SslModule.Engine.Records;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>
/// A connection whose handshake is done, and its peer's keys in the hands of a script: any record can be sealed for the
/// victim, and what the victim answers can be read.
/// </summary>
internal sealed class Intruder
{
    private readonly List<byte[]> _written = [];
    private readonly byte[] _room = new byte[1 << 15];

    /// <summary>Connects a victim and its peer, which goes on as the intruder.</summary>
    public Intruder(int version, bool victimIsServer, Action<TlsContext>? server = null, Action<TlsContext>? client = null)
    {
        Version = version;
        TlsContext clientContext = WireContexts.Client(version, client);
        TlsContext serverContext = WireContexts.Server(version, server);
        (victimIsServer ? clientContext : serverContext).MessageCallback = Keep;
        var clientSide = new TlsConnection(clientContext, serverSide: false, WireContexts.HostName);
        var serverSide = new TlsConnection(serverContext, serverSide: true, null);
        (Victim, Peer) = victimIsServer ? (serverSide, clientSide) : (clientSide, serverSide);
        while (!Victim.IsHandshakeComplete || !Peer.IsHandshakeComplete)
        {
            Peer.Handshake();
            Move(Peer, Victim);
            Victim.Handshake();
            Move(Victim, Peer);
        }

        Drain();
        _written.Clear();
    }

    public int Version { get; }

    public TlsConnection Victim { get; }

    public TlsConnection Peer { get; }

    /// <summary>The handshake messages that the peer has written since the last <see cref="PeerMessages"/>.</summary>
    public List<byte[]> PeerMessages()
    {
        List<byte[]> messages = [.. _written];
        _written.Clear();
        return messages;
    }

    /// <summary>Moves all bytes that wait.</summary>
    public static void Move(TlsConnection from, TlsConnection to)
    {
        to.Input(from.Output);
        from.OutputSent(from.OutputLength);
    }

    /// <summary>A record as the peer would protect it now.</summary>
    public byte[] Seal(int type, ReadOnlySpan<byte> content)
    {
        RecordCipher cipher = Peer.RecordProtection!;
        byte[] record = new byte[cipher.SealedLength(content.Length)];
        int length = cipher.Seal((Engine.Wire.ContentType)type, (ushort)Math.Min(Version, 0x0303), content, record);
        return record[..length];
    }

    /// <summary>A record without protection.</summary>
    public static byte[] Plain(int type, ReadOnlySpan<byte> content, int version = 0x0303)
        => [(byte)type, (byte)(version >> 8), (byte)version, (byte)(content.Length >> 8), (byte)content.Length, .. content];

    /// <summary>Hands the victim protected handshake bytes in one record.</summary>
    public void Handshake(params byte[] content) => Victim.Input(Seal(ContentType.handshake, content));

    /// <summary>Hands the victim a protected record.</summary>
    public void Record(int type, params byte[] content) => Victim.Input(Seal(type, content));

    /// <summary>Hands the victim bytes as they are.</summary>
    public void Raw(params byte[] bytes) => Victim.Input(bytes);

    /// <summary>Reads on the victim until it fails or wants more.</summary>
    /// <returns>The failure; null when there was none.</returns>
    public TlsError? Read()
    {
        try
        {
            while (Victim.Read(_room, out int count) == TlsStatus.Complete)
            {
                Data += count;
            }

            return null;
        }
        catch (TlsError error)
        {
            return error;
        }
    }

    /// <summary>How many bytes of data the victim has read.</summary>
    public int Data { get; private set; }

    /// <summary>The alerts that the victim sent, as (level, description), opened with the peer's keys.</summary>
    public List<(int Level, int Description)> Alerts() => [.. Sent().Where(record => record.Type == ContentType.alert).Select(record => ((int)record.Content[0], (int)record.Content[1]))];

    /// <summary>All records that the victim sent since the last look, opened with the peer's keys.</summary>
    public List<(int Type, byte[] Content)> Sent()
    {
        var opened = new List<(int, byte[])>();
        byte[] output = Victim.Output.ToArray();
        Victim.OutputSent(output.Length);
        for (int at = 0; at < output.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(output.AsSpan(at + 3));
            Engine.Wire.ContentType type = Peer.RecordProtection!.Open(output, at, length, out int offset, out int count);
            opened.Add(((int)type, output.AsSpan(offset, count).ToArray()));
            at += RecordCipher.HeaderLength + length;
        }

        return opened;
    }

    /// <summary>A handshake message with its header.</summary>
    public static byte[] Message(int type, params byte[] body)
        => [(byte)type, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];

    // What a TLS 1.3 server sends right after the handshake is none of a case's business.
    private void Drain()
    {
        Move(Peer, Victim);
        Read();
        Move(Victim, Peer);
        Peer.Read(_room, out _);
    }

    private void Keep(TlsConnection connection, TlsMessage message)
    {
        if (message.Written && message.ContentType == ContentType.handshake)
        {
            _written.Add(message.Bytes.ToArray());
        }
    }
}
