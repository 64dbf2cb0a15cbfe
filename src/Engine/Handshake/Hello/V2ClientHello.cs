using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// A ClientHello in the format of SSL 2.0 that asks for a later version, which old clients send to find out what a server has
/// (RFC 5246 appendix E.2). Only its form is of SSL 2.0; the server answers in the version that it asks for.
/// </summary>
internal static class V2ClientHello
{
    /// <summary>The length of the header: a bit that is set, and 15 bits of length.</summary>
    public const int HeaderLength = 2;

    private const int MaxSessionTimeout = 32;
    private const int RandomLength = 32;
    private const int SuiteLength = 3;

    /// <summary>The version in SSL 2.0's own hellos, which RFC 6176 forbids.</summary>
    private const int Ssl2 = 2;

    /// <summary>Whether the first bytes of a client are such a hello.</summary>
    public static bool IsAt(ReadOnlySpan<byte> bytes) => bytes.Length > HeaderLength && (bytes[0] & 0x80) != 0 && (HandshakeType)bytes[HeaderLength] == HandshakeType.client_hello;

    /// <summary>The length that its header names.</summary>
    public static int LengthIn(ReadOnlySpan<byte> bytes) => ((bytes[0] & 0x7F) << 8) | bytes[1];

    /// <summary>What it says, as the handshake message that TLS has for it; what is wrong with the suites is found there.</summary>
    /// <param name="state">Records the failure.</param>
    /// <param name="hello">The hello behind its header, from its type on.</param>
    /// <exception cref="FatalAlertException">It is malformed, or of SSL 2.0 itself.</exception>
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

        // The session is left out: what such a hello names is of SSL 2.0. The challenge is the end of the random.
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

    /// <summary>The suites of TLS, whose first of three bytes is 0. A list that is empty or broken stays so.</summary>
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

        // Where all are of SSL 2.0, none is one that this end has.
        return tls.Count == 0 && suites.Length > 0 ? [0, 0] : [.. tls];
    }
}
