using System.Buffers.Binary;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// How much the ends let each other put into one record: max_fragment_length (RFC 6066 section 4), or record_size_limit, which
/// goes before it (RFC 8449). A client asks for what its context says.
/// </summary>
internal static class RecordLimits
{
    private const int MostPlaintext = 1 << 14;
    private const int LeastLimit = 64;
    private const int LongestTag = 16;

    /// <summary>Keeps a server to what its client asks for, from its ServerHello on.</summary>
    /// <param name="state">Gets the limits.</param>
    /// <param name="extensions">The client's extensions.</param>
    /// <param name="requested">The code of its max_fragment_length; -1 for none.</param>
    /// <returns>The negotiated max_fragment_length code; -1 for none.</returns>
    /// <exception cref="FatalAlertException">record_size_limit is malformed or below 64.</exception>
    public static int Take(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int requested)
    {
        if (extensions.TryGetValue(ExtensionType.record_size_limit, out ReadOnlyMemory<byte> data))
        {
            state.WriteLimit = Math.Min(Read(state, data.Span) - TypeLength(state), MostPlaintext);
            return -1;
        }

        if (requested >= 0)
        {
            state.WriteLimit = state.ReadLimit = 1 << (8 + requested);
        }

        return requested;
    }

    /// <summary>Writes a server's answer.</summary>
    /// <param name="state">Knows the version.</param>
    /// <param name="writer">Gets the server's extensions.</param>
    /// <param name="extensions">The client's.</param>
    /// <param name="code">The negotiated max_fragment_length code; -1 for none.</param>
    public static void Write(HandshakeState state, WireWriter writer, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int code)
    {
        if (extensions.ContainsKey(ExtensionType.record_size_limit))
        {
            writer.Extension(ExtensionType.record_size_limit);
            writer.Number(2, 2);
            writer.Number(2, MostPlaintext + TypeLength(state));
        }
        else if (code >= 0)
        {
            writer.Extension(ExtensionType.max_fragment_length);
            writer.Number(2, 1);
            writer.Number(1, code);
        }
    }

    /// <summary>The code of a client's max_fragment_length; -1 for none.</summary>
    /// <exception cref="FatalAlertException">It is malformed or unknown.</exception>
    public static int Requested(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (!extensions.TryGetValue(ExtensionType.max_fragment_length, out ReadOnlyMemory<byte> data))
        {
            return -1;
        }

        if (data.Length != 1)
        {
            throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
        }

        return data.Span[0] is >= (byte)MaxFragmentLength.pow2_9 and <= (byte)MaxFragmentLength.pow2_12 and byte code
            ? code
            : throw state.Fail("SSL3_EXT_INVALID_MAX_FRAGMENT_LENGTH", AlertDescription.illegal_parameter);
    }

    /// <summary>Puts what the context asks for into a client's extensions.</summary>
    public static void Offer(HandshakeState state, Dictionary<ExtensionType, byte[]> extensions, bool offersTls13)
    {
        if (state.Settings.MaxFragmentLength is { } length)
        {
            extensions[ExtensionType.max_fragment_length] = [(byte)CodeOf(length)];
        }

        if (state.Settings.RecordSizeLimit is { } limit)
        {
            // TLS 1.3 counts the content type in, and the most that it has room for is one more than before it.
            byte[] data = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)(limit == MostPlaintext && offersTls13 ? limit + 1 : limit));
            extensions[ExtensionType.record_size_limit] = data;
        }
    }

    /// <summary>Keeps a client and its server to what the server's extensions settle; that they answer the client's is certain.</summary>
    /// <param name="state">Gets the limits.</param>
    /// <param name="extensions">The server's extensions.</param>
    /// <param name="resumed">The code of max_fragment_length in the session that is resumed (RFC 6066 section 4), which the server need not repeat; -1 for none.</param>
    /// <returns>The negotiated max_fragment_length code; -1 for none.</returns>
    /// <exception cref="FatalAlertException">The server answers both, or badly.</exception>
    public static int SettleClient(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int resumed)
    {
        int code = Requested(state, extensions);
        bool limited = extensions.TryGetValue(ExtensionType.record_size_limit, out ReadOnlyMemory<byte> limit);
        if (code >= 0 && (limited || code != CodeOf(state.Settings.MaxFragmentLength)))
        {
            throw state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
        }

        code = code < 0 && !limited ? resumed : code;
        if (!limited)
        {
            state.WriteLimit = state.ReadLimit = code >= 0 ? 1 << (8 + code) : MostPlaintext;
            return code;
        }

        int asked = state.Settings.RecordSizeLimit!.Value;
        state.WriteLimit = Math.Min(Read(state, limit.Span) - TypeLength(state), MostPlaintext);
        if (asked < MostPlaintext)
        {
            (state.ReadLimit, state.SealedLimit) = (asked - TypeLength(state), asked + LongestTag);
        }

        return code;
    }

    /// <summary>The code of a length in max_fragment_length; -1 for none.</summary>
    public static int CodeOf(int? length) => length is { } bytes ? System.Numerics.BitOperations.Log2((uint)bytes) - 8 : -1;

    // TLS 1.3 counts the content type in.
    private static int TypeLength(HandshakeState state) => state.Version == ProtocolVersion.TLSv13 ? 1 : 0;

    private static int Read(HandshakeState state, ReadOnlySpan<byte> data)
    {
        if (data.Length != 2)
        {
            throw state.Fail(TlsError.Ssl("SSL", "BAD_EXTENSION", (byte)AlertDescription.decode_error));
        }

        int limit = BinaryPrimitives.ReadUInt16BigEndian(data);
        return limit >= LeastLimit ? limit : throw state.Fail(TlsError.Ssl("SSL", "BAD_EXTENSION", (byte)AlertDescription.illegal_parameter));
    }
}
