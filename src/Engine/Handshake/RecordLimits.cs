using System.Buffers.Binary;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Handshake;

/// <summary>
/// How much a client lets a server put into one record: max_fragment_length (RFC 6066 section 4), or record_size_limit, which
/// goes before it (RFC 8449). The engine's own clients ask for neither.
/// </summary>
internal static class RecordLimits
{
    private const int MostPlaintext = 1 << 14;
    private const int LeastLimit = 64;

    /// <summary>Answers the client's extensions in the server's and keeps to them.</summary>
    /// <param name="state">Gets the limits.</param>
    /// <param name="offered">The client's extensions.</param>
    /// <param name="answer">The server's, with BouncyCastle's answer to max_fragment_length in it.</param>
    /// <exception cref="TlsFatalAlert">record_size_limit is malformed or below 64.</exception>
    public static void Answer(HandshakeState state, IDictionary<int, byte[]>? offered, IDictionary<int, byte[]> answer)
    {
        bool tls13 = state.Version == 0x0304;
        if (offered is not null && offered.TryGetValue(ExtensionType.record_size_limit, out byte[]? data))
        {
            // TLS 1.3 counts the content type in.
            int limit = Read(state, data) - (tls13 ? 1 : 0);
            byte[] own = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(own, (ushort)(MostPlaintext + (tls13 ? 1 : 0)));
            answer[ExtensionType.record_size_limit] = own;
            answer.Remove(ExtensionType.max_fragment_length);
            state.WriteLimit = Math.Min(limit, MostPlaintext);
        }
        else if (TlsExtensionsUtilities.GetMaxFragmentLengthExtension(answer) is >= MaxFragmentLength.pow2_9 and <= MaxFragmentLength.pow2_12 and short code)
        {
            state.WriteLimit = state.ReadLimit = 1 << (8 + code);
        }
    }

    private static int Read(HandshakeState state, byte[] data)
    {
        if (data.Length != 2)
        {
            throw state.Fail(TlsError.Ssl("SSL", "BAD_EXTENSION", (byte)AlertDescription.decode_error));
        }

        int limit = BinaryPrimitives.ReadUInt16BigEndian(data);
        return limit >= LeastLimit ? limit : throw state.Fail(TlsError.Ssl("SSL", "BAD_EXTENSION", (byte)AlertDescription.illegal_parameter));
    }
}
