using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Sessions;

/// <summary>
/// Encodes a session's state for a ticket or a shared store. The encoding is always encrypted, so only the engine's own output
/// is decoded.
/// </summary>
internal static class SessionCodec
{
    /// <summary>Changes with the layout. During a rolling update, tickets with another layout are treated as unknown.</summary>
    private const byte Layout = 2;

    // The fixed fields, and the lengths of variable ones: a length takes at most five bytes, a UTF-16 character at most three in UTF-8.
    private const int FixedLength = 80;
    private const int LongestLength = 5;
    private const int LongestCharacter = 3;

    [Flags]
    private enum StateFlags : byte
    {
        None = 0,
        ExtendedMasterSecret = 1,
        EncryptThenMac = 2,
        CheckedHostname = 4,
        Verified = 8,
        Named = 16,
        Alpn = 32,
    }

    /// <summary>Encodes the state; the caller encrypts and zeroes the result.</summary>
    public static ArraySegment<byte> Encode(SessionState state)
    {
        // Allocate the maximum at once: growing would leave copies of the secret behind.
        using var stream = new MemoryStream(MaximumLength(state));
        using var writer = new BinaryWriter(stream);
        writer.Write(Layout);
        writer.Write((byte)FlagsOf(state));
        writer.Write((ushort)state.Version);
        writer.Write((ushort)state.Suite);
        writer.Write((ushort)state.Group);
        WriteBytes(writer, state.Secret);
        writer.Write(state.CreatedAt);
        writer.Write(state.AuthenticatedAt);
        writer.Write(state.Lifetime);
        writer.Write(state.AgeAdd);
        writer.Write((sbyte)state.MaxFragmentLength);
        writer.Write((byte)state.VerifyMode);
        WriteBytes(writer, state.IdContext);
        if (state.ServerName is not null)
        {
            writer.Write(state.ServerName);
        }

        if (state.Alpn is not null)
        {
            WriteBytes(writer, state.Alpn);
        }

        writer.Write7BitEncodedInt(state.PeerChain.Count);
        foreach (Certificate certificate in state.PeerChain)
        {
            WriteBytes(writer, certificate.Encoded.Span);
        }

        WriteVerified(writer, state);
        return new ArraySegment<byte>(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static int MaximumLength(SessionState state)
    {
        int room = FixedLength + state.Secret.Length + state.IdContext.Length + (state.Alpn?.Length ?? 0)
            + (LongestCharacter * (state.ServerName?.Length ?? 0));
        foreach (Certificate certificate in state.PeerChain)
        {
            room += LongestLength + certificate.Encoded.Length;
        }

        foreach (Certificate certificate in state.VerifiedChain ?? [])
        {
            room += (2 * LongestLength) + certificate.Encoded.Length;
        }

        return room;
    }

    /// <summary>Decodes the output of <see cref="Encode"/>; null when the layout differs.</summary>
    public static SessionState? Decode(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, writable: false));
            return reader.ReadByte() == Layout ? Read(reader) : null;
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException or TlsError)
        {
            // Authenticated, but not of this layout: treated like an unknown ticket.
            return null;
        }
    }

    private static SessionState Read(BinaryReader reader)
    {
        var flags = (StateFlags)reader.ReadByte();
        var state = new SessionState
        {
            Version = reader.ReadUInt16(),
            Suite = reader.ReadUInt16(),
            Group = reader.ReadUInt16(),
            Secret = ReadBytes(reader),
            CreatedAt = reader.ReadInt64(),
            AuthenticatedAt = reader.ReadInt64(),
            Lifetime = reader.ReadInt32(),
            AgeAdd = reader.ReadUInt32(),
            MaxFragmentLength = reader.ReadSByte(),
            VerifyMode = reader.ReadByte(),
            IdContext = ReadBytes(reader),
            ServerName = flags.HasFlag(StateFlags.Named) ? reader.ReadString() : null,
            Alpn = flags.HasFlag(StateFlags.Alpn) ? ReadBytes(reader) : null,
            ExtendedMasterSecret = flags.HasFlag(StateFlags.ExtendedMasterSecret),
            EncryptThenMac = flags.HasFlag(StateFlags.EncryptThenMac),
            CheckedHostname = flags.HasFlag(StateFlags.CheckedHostname),
        };
        var peer = new List<Certificate>();
        for (int left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            peer.Add(Certificate.Parse(ReadBytes(reader)));
        }

        return state with { PeerChain = peer, VerifiedChain = flags.HasFlag(StateFlags.Verified) ? ReadVerified(reader, peer) : null };
    }

    // Certificates of the verified chain that the peer sent are encoded as an index into the sent ones.
    private static void WriteVerified(BinaryWriter writer, SessionState state)
    {
        if (state.VerifiedChain is not { } chain)
        {
            return;
        }

        writer.Write7BitEncodedInt(chain.Count);
        foreach (Certificate certificate in chain)
        {
            int place = IndexOf(state.PeerChain, certificate);
            writer.Write7BitEncodedInt(place + 1);
            if (place < 0)
            {
                WriteBytes(writer, certificate.Encoded.Span);
            }
        }
    }

    private static List<Certificate> ReadVerified(BinaryReader reader, List<Certificate> peer)
    {
        var chain = new List<Certificate>();
        for (int left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            int place = reader.Read7BitEncodedInt() - 1;
            chain.Add(place < 0 ? Certificate.Parse(ReadBytes(reader)) : place < peer.Count ? peer[place] : throw new FormatException());
        }

        return chain;
    }

    private static int IndexOf(IReadOnlyList<Certificate> chain, Certificate certificate)
    {
        for (int i = 0; i < chain.Count; i++)
        {
            if (chain[i].Encoded.Span.SequenceEqual(certificate.Encoded.Span))
            {
                return i;
            }
        }

        return -1;
    }

    private static StateFlags FlagsOf(SessionState state)
        => (state.ExtendedMasterSecret ? StateFlags.ExtendedMasterSecret : 0)
            | (state.EncryptThenMac ? StateFlags.EncryptThenMac : 0)
            | (state.CheckedHostname ? StateFlags.CheckedHostname : 0)
            | (state.VerifiedChain is not null ? StateFlags.Verified : 0)
            | (state.ServerName is not null ? StateFlags.Named : 0)
            | (state.Alpn is not null ? StateFlags.Alpn : 0);

    private static void WriteBytes(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader)
    {
        int length = reader.Read7BitEncodedInt();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        return (uint)length <= left ? reader.ReadBytes(length) : throw new EndOfStreamException();
    }
}
