namespace SslModule.Engine.Wire;

/// <summary>Encodes handshake messages and bounds their lengths.</summary>
internal static class HandshakeMessages
{
    /// <summary>The length in bytes of a handshake header: message type and 24-bit length (RFC 8446 section 4).</summary>
    public const int HeaderLength = 4;

    /// <summary>The length limit of Certificate and CertificateRequest: OpenSSL's default for SSL_CTX_set_max_cert_list.</summary>
    public const int LongestCertificate = 100 * 1024;

    /// <summary>The length limit of CertificateVerify, as in OpenSSL.</summary>
    public const int LongestPlain = 1 << 14;

    /// <summary>The length limit of ClientHello, as in OpenSSL: every field at its maximum.</summary>
    public const int LongestClientHello = 131396;

    /// <summary>The length limit of ServerHello: every field at its maximum.</summary>
    public const int LongestServerHello = 65607;

    /// <summary>The length limit of EncryptedExtensions, as in OpenSSL.</summary>
    public const int LongestEncryptedExtensions = 20000;

    /// <summary>The length limit of ServerKeyExchange, as in OpenSSL.</summary>
    public const int LongestServerKeyExchange = 102400;

    /// <summary>The length limit of ClientKeyExchange: a PSK identity and a public key.</summary>
    public const int LongestClientKeyExchange = 1 << 14;

    /// <summary>The length limit of NewSessionTicket: two 32-bit fields, a nonce, a ticket and extensions (RFC 8446 section 4.6.1).</summary>
    public const int LongestTicket = 4 + 4 + 1 + 255 + 2 + 65535 + 2 + 65534;

    /// <summary>The length limit of Finished: the longest supported digest.</summary>
    public const int LongestFinished = 64;

    /// <summary>SHA-256 of "HelloRetryRequest": the ServerHello.random value that marks a HelloRetryRequest (RFC 8446 section 4.1.3).</summary>
    public static ReadOnlySpan<byte> RetryRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    /// <summary>Splits the next record's fragment, at most <paramref name="limit"/> bytes, off the front of a message.</summary>
    public static ReadOnlySpan<byte> NextFragment(ref ReadOnlySpan<byte> message, int limit)
    {
        ReadOnlySpan<byte> fragment = message[..Math.Min(limit, message.Length)];
        message = message[fragment.Length..];
        return fragment;
    }

    /// <summary>The length of the first message in a buffer, header included; null when the header is incomplete.</summary>
    public static int? LengthOf(ReadOnlySpan<byte> bytes)
        => bytes.Length < HeaderLength ? null : HeaderLength + ((bytes[1] << 16) | (bytes[2] << 8) | bytes[3]);

    /// <summary>Encodes a whole message of <paramref name="type"/>, whose body <paramref name="write"/> writes.</summary>
    public static byte[] Make(HandshakeType type, Action<WireWriter> write)
    {
        var message = new ByteBuffer();
        var writer = new WireWriter(message);
        writer.Number(1, (int)type);
        int body = writer.Open(HeaderLength - 1);
        write(writer);
        writer.Close(HeaderLength - 1, body);
        byte[] bytes = message.Span.ToArray();
        message.Consume(message.Length);
        return bytes;
    }

    /// <summary>The body of an encoded message.</summary>
    public static ReadOnlyMemory<byte> Body(byte[] message) => message.AsMemory(HeaderLength);
}
