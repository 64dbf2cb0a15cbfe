using System.Buffers.Binary;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;
using ExtensionType = SslModule.Engine.Wire.ExtensionType;
using MaxFragmentLength = SslModule.Engine.Wire.MaxFragmentLength;
using ProtocolVersion = SslModule.Engine.Wire.ProtocolVersion;

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

    /// <summary>Answers the client's extensions in the server's and keeps to them.</summary>
    /// <param name="state">Gets the limits.</param>
    /// <param name="offered">The client's extensions.</param>
    /// <param name="answer">The server's, with BouncyCastle's answer to max_fragment_length in it.</param>
    /// <exception cref="FatalAlertException">record_size_limit is malformed or below 64.</exception>
    public static void Answer(HandshakeState state, IDictionary<int, byte[]>? offered, IDictionary<int, byte[]> answer)
    {
        bool tls13 = state.Version == ProtocolVersion.TLSv13;
        if (offered is not null && offered.TryGetValue((int)ExtensionType.record_size_limit, out byte[]? data))
        {
            // TLS 1.3 counts the content type in.
            int limit = Read(state, data) - (tls13 ? 1 : 0);
            byte[] own = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(own, (ushort)(MostPlaintext + (tls13 ? 1 : 0)));
            answer[(int)ExtensionType.record_size_limit] = own;
            answer.Remove((int)ExtensionType.max_fragment_length);
            state.WriteLimit = Math.Min(limit, MostPlaintext);
        }
        else if (TlsExtensionsUtilities.GetMaxFragmentLengthExtension(answer) is >= MaxFragmentLength.pow2_9 and <= MaxFragmentLength.pow2_12 and short code)
        {
            state.WriteLimit = state.ReadLimit = 1 << (8 + code);
        }
    }

    /// <summary>The same for a server of TLS 1.3, which keeps to the limits from its ServerHello on.</summary>
    /// <param name="state">Gets the limits.</param>
    /// <param name="extensions">The client's extensions.</param>
    /// <param name="requested">The code of its max_fragment_length; -1 for none.</param>
    /// <returns>The code of max_fragment_length in force; -1 for none.</returns>
    public static int Take(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int requested)
    {
        if (extensions.TryGetValue(ExtensionType.record_size_limit, out ReadOnlyMemory<byte> data))
        {
            // TLS 1.3 counts the content type in.
            state.WriteLimit = Math.Min(Read(state, data.Span) - 1, MostPlaintext);
            return -1;
        }

        if (requested >= 0)
        {
            state.WriteLimit = state.ReadLimit = 1 << (8 + requested);
        }

        return requested;
    }

    /// <summary>Writes the answer of a server of TLS 1.3.</summary>
    /// <param name="writer">Gets its extensions.</param>
    /// <param name="extensions">The client's.</param>
    /// <param name="code">The code of max_fragment_length in force; -1 for none.</param>
    public static void Write(WireWriter writer, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int code)
    {
        if (extensions.ContainsKey(ExtensionType.record_size_limit))
        {
            writer.Extension(ExtensionType.record_size_limit);
            writer.Number(2, 2);
            writer.Number(2, MostPlaintext + 1);
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
    public static void Offer(HandshakeState state, IDictionary<int, byte[]> extensions, bool offersTls13)
    {
        if (state.Bound.MaxFragmentLength is { } length)
        {
            TlsExtensionsUtilities.AddMaxFragmentLengthExtension(extensions, (short)CodeOf(length));
        }

        if (state.Bound.RecordSizeLimit is { } limit)
        {
            // TLS 1.3 counts the content type in, and the most that it has room for is one more than before it.
            byte[] data = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)(limit == MostPlaintext && offersTls13 ? limit + 1 : limit));
            extensions[(int)ExtensionType.record_size_limit] = data;
        }
    }

    /// <summary>Keeps a client and its server to what the server's extensions settle; that they answer the client's is certain.</summary>
    /// <param name="state">Gets the limits.</param>
    /// <param name="answer">The server's record_size_limit; null for none.</param>
    /// <param name="both">Whether max_fragment_length came beside it.</param>
    /// <param name="code">The code of max_fragment_length in force, from the server or the session that is resumed; -1 for none.</param>
    /// <exception cref="FatalAlertException">The server answers both, or badly.</exception>
    public static void Settle(HandshakeState state, byte[]? answer, bool both, short code)
    {
        if (both)
        {
            throw state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
        }

        if (answer is null)
        {
            state.WriteLimit = state.ReadLimit = code >= 0 ? 1 << (8 + code) : MostPlaintext;
            return;
        }

        int typeLength = state.Version == ProtocolVersion.TLSv13 ? 1 : 0;
        int asked = state.Bound.RecordSizeLimit!.Value;
        state.WriteLimit = Math.Min(Read(state, answer) - typeLength, MostPlaintext);
        if (asked < MostPlaintext)
        {
            (state.ReadLimit, state.SealedLimit) = (asked - typeLength, asked + LongestTag);
        }
    }

    /// <summary>The code of a length in max_fragment_length; -1 for none.</summary>
    public static int CodeOf(int? length) => length is { } bytes ? System.Numerics.BitOperations.Log2((uint)bytes) - 8 : -1;

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
