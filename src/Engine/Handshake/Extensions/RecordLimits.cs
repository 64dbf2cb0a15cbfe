using System.Buffers.Binary;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// Limits of the record size: max_fragment_length (RFC 6066 section 4), or record_size_limit (RFC 8449), which takes precedence. A
/// client requests what its context specifies.
/// </summary>
internal static class RecordLimits
{
    private const int MaxPlaintext = 1 << 14;
    private const int MinLimit = 64;
    private const int LongestTag = 16;

    /// <summary>Applies the client's limits on a server, effective with the ServerHello.</summary>
    /// <param name="state">Receives the limits.</param>
    /// <param name="extensions">The client's extensions.</param>
    /// <param name="requested">The client's max_fragment_length code; -1 for none.</param>
    /// <returns>The negotiated max_fragment_length code; -1 for none.</returns>
    /// <exception cref="FatalAlertException">record_size_limit is malformed or below 64.</exception>
    public static int ApplyClientExtensions(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int requested)
    {
        if (extensions.TryGetValue(ExtensionType.record_size_limit, out ReadOnlyMemory<byte> data))
        {
            state.WriteLimit = Math.Min(Read(state, data.Span) - TypeLength(state), MaxPlaintext);
            return -1;
        }

        if (requested >= 0)
        {
            state.WriteLimit = state.ReadLimit = 1 << (8 + requested);
        }

        return requested;
    }

    /// <summary>Writes the server's extension.</summary>
    /// <param name="state">The connection's state.</param>
    /// <param name="writer">The server's extension block.</param>
    /// <param name="extensions">The client's extensions.</param>
    /// <param name="code">The negotiated max_fragment_length code; -1 for none.</param>
    public static void Write(HandshakeState state, WireWriter writer, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int code)
    {
        if (extensions.ContainsKey(ExtensionType.record_size_limit))
        {
            writer.Extension(ExtensionType.record_size_limit);
            writer.Number(2, 2);
            writer.Number(2, MaxPlaintext + TypeLength(state));
        }
        else if (code >= 0)
        {
            writer.Extension(ExtensionType.max_fragment_length);
            writer.Number(2, 1);
            writer.Number(1, code);
        }
    }

    /// <summary>Reads the client's max_fragment_length code; -1 for none.</summary>
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

    /// <summary>Adds the limits of the context to the client's extensions.</summary>
    public static void Offer(HandshakeState state, Dictionary<ExtensionType, byte[]> extensions, bool offersTls13)
    {
        if (state.Settings.MaxFragmentLength is { } length)
        {
            extensions[ExtensionType.max_fragment_length] = [(byte)CodeOf(length)];
        }

        if (state.Settings.RecordSizeLimit is { } limit)
        {
            // TLS 1.3 includes the content type, so its maximum is one byte larger.
            byte[] data = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)(limit == MaxPlaintext && offersTls13 ? limit + 1 : limit));
            extensions[ExtensionType.record_size_limit] = data;
        }
    }

    /// <summary>Applies the limits of the server's extensions on a client. The caller has checked that the client offered them.</summary>
    /// <param name="state">Receives the limits.</param>
    /// <param name="extensions">The server's extensions.</param>
    /// <param name="resumed">The max_fragment_length code of the resumed session, which the server need not repeat (RFC 6066 section 4); -1 for none.</param>
    /// <returns>The negotiated max_fragment_length code; -1 for none.</returns>
    /// <exception cref="FatalAlertException">The server sent both extensions, or an invalid value.</exception>
    public static int ApplyServerExtensions(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int resumed)
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
            state.WriteLimit = state.ReadLimit = code >= 0 ? 1 << (8 + code) : MaxPlaintext;
            return code;
        }

        int asked = state.Settings.RecordSizeLimit!.Value;
        state.WriteLimit = Math.Min(Read(state, limit.Span) - TypeLength(state), MaxPlaintext);
        if (asked < MaxPlaintext)
        {
            (state.ReadLimit, state.SealedLimit) = (asked - TypeLength(state), asked + LongestTag);
        }

        return code;
    }

    /// <summary>The max_fragment_length code of a length; -1 for none.</summary>
    public static int CodeOf(int? length) => length is { } bytes ? System.Numerics.BitOperations.Log2((uint)bytes) - 8 : -1;

    // TLS 1.3 includes the content type in the limit (RFC 8449 section 4).
    private static int TypeLength(HandshakeState state) => state.Version == ProtocolVersion.TLSv13 ? 1 : 0;

    private static int Read(HandshakeState state, ReadOnlySpan<byte> data)
    {
        if (data.Length != 2)
        {
            throw state.Fail(TlsError.Ssl("SSL", "BAD_EXTENSION", (byte)AlertDescription.decode_error));
        }

        int limit = BinaryPrimitives.ReadUInt16BigEndian(data);
        return limit >= MinLimit ? limit : throw state.Fail(TlsError.Ssl("SSL", "BAD_EXTENSION", (byte)AlertDescription.illegal_parameter));
    }
}
