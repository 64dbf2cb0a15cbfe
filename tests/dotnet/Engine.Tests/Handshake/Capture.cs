using System.Buffers.Binary;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Writes what a connection sent as a capture file (pcap, raw IPv4) that packet analysers read.</summary>
internal sealed class Capture
{
    private const int LinkTypeRaw = 101;
    private const int HeadersLength = 40;
    private const int LargestSegment = 1400;
    private const byte Syn = 2;
    private const byte Ack = 16;
    private readonly MemoryStream _file = new();
    private readonly uint[] _sent = [1, 1];
    private readonly ushort _port;
    private int _packets;

    /// <summary>Begins a connection from port 50000 to <paramref name="port"/>.</summary>
    public Capture(ushort port)
    {
        _port = port;
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 65535);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkTypeRaw);
        _file.Write(header);
        Packet(fromClient: true, Syn, 0, 0, []);
        Packet(fromClient: false, Syn | Ack, 0, 1, []);
        Packet(fromClient: true, Ack, 1, 1, []);
    }

    /// <summary>Notes bytes that went over.</summary>
    public void Add(bool fromClient, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> segment = bytes[..Math.Min(bytes.Length, LargestSegment)];
            int own = fromClient ? 0 : 1;
            Packet(fromClient, Ack, _sent[own], _sent[1 - own], segment);
            _sent[own] += (uint)segment.Length;
            bytes = bytes[segment.Length..];
        }
    }

    public void Save(string path) => File.WriteAllBytes(path, _file.ToArray());

    private void Packet(bool fromClient, byte flags, uint sequence, uint acknowledged, ReadOnlySpan<byte> payload)
    {
        Span<byte> packet = stackalloc byte[16 + HeadersLength + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(packet, 1_700_000_000);
        BinaryPrimitives.WriteInt32LittleEndian(packet[4..], _packets++);
        BinaryPrimitives.WriteInt32LittleEndian(packet[8..], HeadersLength + payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(packet[12..], HeadersLength + payload.Length);
        Span<byte> ip = packet[16..];
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(HeadersLength + payload.Length));
        ip[8] = 64;
        ip[9] = 6;
        ((ReadOnlySpan<byte>)[127, 0, 0, 1, 127, 0, 0, 1]).CopyTo(ip[12..]);
        Span<byte> tcp = ip[20..];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, fromClient ? (ushort)50000 : _port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], fromClient ? _port : (ushort)50000);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], acknowledged);
        tcp[12] = 0x50;
        tcp[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 65535);
        payload.CopyTo(tcp[20..]);
        _file.Write(packet);
    }
}
