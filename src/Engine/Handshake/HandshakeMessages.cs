using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <summary>Handshake messages made by hand, for the phases that BouncyCastle does not know.</summary>
internal static class HandshakeMessages
{
    /// <summary>The length of a message's header: its type and a 24-bit length (RFC 8446 section 4).</summary>
    public const int HeaderLength = 4;

    /// <summary>OpenSSL's default of SSL_CTX_set_max_cert_list: the longest Certificate or CertificateRequest.</summary>
    public const int LongestCertificate = 100 * 1024;

    /// <summary>The longest CertificateVerify and the longest NewSessionTicket, as OpenSSL bounds them.</summary>
    public const int LongestPlain = 1 << 14;

    /// <summary>The longest Finished: the longest digest there is.</summary>
    public const int LongestFinished = 64;

    /// <summary>A whole message of <paramref name="type"/>, whose body <paramref name="write"/> writes.</summary>
    public static byte[] Make(short type, Action<Stream> write)
    {
        using var message = new MemoryStream();
        message.Write([(byte)type, 0, 0, 0]);
        write(message);
        byte[] bytes = message.ToArray();
        int length = bytes.Length - HeaderLength;
        (bytes[1], bytes[2], bytes[3]) = ((byte)(length >> 16), (byte)(length >> 8), (byte)length);
        return bytes;
    }

    /// <summary>A message's body, to be parsed.</summary>
    public static MemoryStream Body(byte[] message) => new(message, HeaderLength, message.Length - HeaderLength, writable: false);

    /// <summary>Refuses bytes behind what was parsed.</summary>
    /// <exception cref="TlsFatalAlert">There are some.</exception>
    public static void AssertRead(MemoryStream body)
    {
        if (body.Position < body.Length)
        {
            throw new TlsFatalAlert(AlertDescription.decode_error);
        }
    }
}
