namespace SslModule.Engine.Wire;

/// <summary>Handshake messages as bytes, and how long they may be.</summary>
internal static class HandshakeMessages
{
    /// <summary>The length of a message's header: its type and a 24-bit length (RFC 8446 section 4).</summary>
    public const int HeaderLength = 4;

    /// <summary>OpenSSL's default of SSL_CTX_set_max_cert_list: the longest Certificate or CertificateRequest.</summary>
    public const int LongestCertificate = 100 * 1024;

    /// <summary>The longest CertificateVerify, as OpenSSL bounds it.</summary>
    public const int LongestPlain = 1 << 14;

    /// <summary>The longest ClientHello, as OpenSSL bounds it: every field at its longest.</summary>
    public const int LongestClientHello = 131396;

    /// <summary>The longest ServerHello: every field at its longest.</summary>
    public const int LongestServerHello = 65607;

    /// <summary>The longest EncryptedExtensions, as OpenSSL bounds it.</summary>
    public const int LongestEncryptedExtensions = 20000;

    /// <summary>The longest ServerKeyExchange, as OpenSSL bounds it.</summary>
    public const int LongestServerKeyExchange = 102400;

    /// <summary>The longest ClientKeyExchange: a PSK identity and a public key.</summary>
    public const int LongestClientKeyExchange = 1 << 14;

    /// <summary>The longest NewSessionTicket: two 32-bit fields, a nonce, a ticket and extensions (RFC 8446 section 4.6.1).</summary>
    public const int LongestTicket = 4 + 4 + 1 + 255 + 2 + 65535 + 2 + 65534;

    /// <summary>The longest Finished: the longest digest there is.</summary>
    public const int LongestFinished = 64;

    /// <summary>SHA-256 of "HelloRetryRequest": the random that marks one (RFC 8446 section 4.1.3).</summary>
    public static ReadOnlySpan<byte> RetryRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    /// <summary>Takes the next record's content off the front of a message: at most <paramref name="limit"/> bytes.</summary>
    public static ReadOnlySpan<byte> NextFragment(ref ReadOnlySpan<byte> message, int limit)
    {
        ReadOnlySpan<byte> fragment = message[..Math.Min(limit, message.Length)];
        message = message[fragment.Length..];
        return fragment;
    }

    /// <summary>The length of the message that some bytes begin with, its header included; null when its header is cut.</summary>
    public static int? LengthOf(ReadOnlySpan<byte> bytes)
        => bytes.Length < HeaderLength ? null : HeaderLength + ((bytes[1] << 16) | (bytes[2] << 8) | bytes[3]);

    /// <summary>A whole message of <paramref name="type"/>, whose body <paramref name="write"/> writes.</summary>
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

    /// <summary>A message's body.</summary>
    public static ReadOnlyMemory<byte> Body(byte[] message) => message.AsMemory(HeaderLength);
}
