using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// A ClientHello in SSL 2.0 format, which some old clients send to negotiate a later version (RFC 5246 appendix E.2). Only the
/// format is that of SSL 2.0; the server answers in the version that the client offers.
/// </summary>
internal static class V2ClientHello
{
    /// <summary>The length of the header: one set bit and a 15-bit length.</summary>
    public const int HeaderLength = 2;

    private const int MaxSessionTimeout = 32;
    private const int RandomLength = 32;
    private const int SuiteLength = 3;

    /// <summary>The version number of SSL 2.0 itself, which RFC 6176 forbids.</summary>
    private const int Ssl2 = 2;

    /// <summary>Whether a client's first bytes are a ClientHello in SSL 2.0 format.</summary>
    public static bool IsAt(ReadOnlySpan<byte> bytes) => bytes.Length > HeaderLength && (bytes[0] & 0x80) != 0 && (HandshakeType)bytes[HeaderLength] == HandshakeType.client_hello;

    /// <summary>The length in its header.</summary>
    public static int LengthIn(ReadOnlySpan<byte> bytes) => ((bytes[0] & 0x7F) << 8) | bytes[1];

    /// <summary>Converts it to a TLS ClientHello, whose checks find errors in the suites.</summary>
    /// <param name="state">Records the failure.</param>
    /// <param name="hello">The ClientHello without its header, starting at the message type.</param>
    /// <exception cref="FatalAlertException">It is malformed, or offers SSL 2.0 only.</exception>
    public static byte[] ToTls(HandshakeState state, ReadOnlyMemory<byte> hello)
    {
        var reader = new WireReader(hello);
        if (!reader.TryTake(1, out _) || !reader.TryNumber(2, out int version)
            || !reader.TryNumber(2, out int suitesLength) || !reader.TryNumber(2, out int sessionLength) || !reader.TryNumber(2, out int challengeLength))
        {
            throw state.Fail("LENGTH_TOO_SHORT", AlertDescription.decode_error);
        }

        if (sessionLength > MaxSessionTimeout)
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.illegal_parameter);
        }

        if (!reader.TryTake(suitesLength, out ReadOnlyMemory<byte> suites) || !reader.TryTake(sessionLength, out _)
            || !reader.TryTake(challengeLength, out ReadOnlyMemory<byte> challenge) || !reader.Rest.IsEmpty)
        {
            throw state.Fail("RECORD_LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        if (version == Ssl2 || version >> 8 != 3)
        {
            throw state.Fail("UNKNOWN_PROTOCOL", AlertDescription.protocol_version);
        }

        // The session ID is dropped, because it belongs to SSL 2.0. The challenge becomes the end of the random.
        byte[] random = new byte[RandomLength];
        ReadOnlySpan<byte> end = challenge.Span[..Math.Min(RandomLength, challenge.Length)];
        end.CopyTo(random.AsSpan(RandomLength - end.Length));
        return HandshakeMessages.Make(HandshakeType.client_hello, writer =>
        {
            writer.Number(2, version);
            writer.Bytes(random);
            writer.Vector(1, []);
            writer.Vector(2, Suites(suites.Span));
            writer.Vector(1, [CompressionMethod.none]);
        });
    }

    /// <summary>The TLS suites: those whose first of three bytes is 0. An empty or malformed list stays so.</summary>
    private static byte[] Suites(ReadOnlySpan<byte> suites)
    {
        if (suites.Length % SuiteLength != 0)
        {
            return [0];
        }

        var tls = new List<byte>(suites.Length);
        for (int at = 0; at < suites.Length; at += SuiteLength)
        {
            if (suites[at] == 0)
            {
                tls.AddRange(suites.Slice(at + 1, 2));
            }
        }

        // If all suites are those of SSL 2.0, offer one that this engine does not have.
        return tls.Count == 0 && suites.Length > 0 ? [0, 0] : [.. tls];
    }
}
