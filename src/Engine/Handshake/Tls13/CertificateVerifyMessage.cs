using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>The CertificateVerify of TLS 1.3 (RFC 8446 section 4.4.3).</summary>
internal static class CertificateVerifyMessage
{
    private const int Padding = 64;
    private const int LongestContent = Padding + 34 + HandshakeSecrets.MaxDigestLength;

    private static ReadOnlySpan<byte> OfServer => "TLS 1.3, server CertificateVerify\0"u8;

    private static ReadOnlySpan<byte> OfClient => "TLS 1.3, client CertificateVerify\0"u8;

    /// <summary>Signs the transcript hash and writes the body.</summary>
    public static void Write(HandshakeState state, WireWriter writer, PrivateKey key, int scheme, ReadOnlySpan<byte> transcriptHash)
    {
        Span<byte> content = stackalloc byte[LongestContent];
        writer.Number(2, scheme);
        writer.Vector(2, key.Sign(scheme, Content(content, state.IsServer, transcriptHash)));
    }

    /// <summary>Reads the body and checks the peer's signature of the transcript hash.</summary>
    /// <param name="state">Records the failure.</param>
    /// <param name="body">The message without its header.</param>
    /// <param name="key">The peer's key.</param>
    /// <param name="accepted">The schemes that were offered to the peer.</param>
    /// <param name="transcriptHash">The hash of the messages before this one.</param>
    /// <returns>The name of the scheme.</returns>
    /// <exception cref="FatalAlertException">It is malformed, or the signature is invalid.</exception>
    public static string? Check(HandshakeState state, ReadOnlyMemory<byte> body, PublicKey key, int[] accepted, ReadOnlySpan<byte> transcriptHash)
    {
        var reader = new WireReader(body);
        if (!reader.TryNumber(2, out int scheme))
        {
            throw state.Fail("BAD_PACKET", AlertDescription.decode_error);
        }

        if (!reader.TryVector(2, out ReadOnlyMemory<byte> signature) || !reader.Rest.IsEmpty)
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        if (!accepted.Contains(scheme))
        {
            throw state.Fail("WRONG_SIGNATURE_TYPE", AlertDescription.illegal_parameter);
        }

        Tls13Schemes.Check(key, scheme);
        Span<byte> content = stackalloc byte[LongestContent];
        return key.Verify(scheme, Content(content, !state.IsServer, transcriptHash), signature.Span)
            ? SignatureNames.NameOf(scheme, key.Kind)
            : throw state.Fail("BAD_SIGNATURE", AlertDescription.decrypt_error);
    }

    private static ReadOnlySpan<byte> Content(Span<byte> room, bool byServer, ReadOnlySpan<byte> transcriptHash)
    {
        ReadOnlySpan<byte> label = byServer ? OfServer : OfClient;
        room[..Padding].Fill(0x20);
        label.CopyTo(room[Padding..]);
        transcriptHash.CopyTo(room[(Padding + label.Length)..]);
        return room[..(Padding + label.Length + transcriptHash.Length)];
    }
}
