using System.Text;
using SslModule.Engine.Certificates;

namespace SslModule.Engine.Handshake;

/// <summary>What a peer that does not speak TLS has sent first: protocols that begin with text are told apart by it.</summary>
internal static class PeerGreeting
{
    private static readonly (string Start, string Protocol, string? Help)[] OfServers =
    [
        ("HTTP/", "HTTP without TLS", "use http:// for this port, or the port of https, usually 443"),
        ("SSH-", "SSH", "the port is an SSH server's"),
        ("220", "SMTP or FTP, which begin without TLS", "STARTTLS or AUTH TLS first: smtplib.SMTP.starttls(), ftplib.FTP_TLS; or the port that begins with TLS, 465 or 990"),
        ("+OK", "POP3, which begins without TLS", "STLS first: poplib.POP3.stls(); or port 995"),
        ("* OK", "IMAP, which begins without TLS", "STARTTLS first: imaplib.IMAP4.starttls(); or port 993"),
        ("RFB ", "VNC", null),
    ];

    private static readonly (string Start, string Protocol, string? Help)[] OfClients =
    [
        ("CONNE", "a request to an HTTP proxy", "the client takes this TLS port for an HTTP proxy's"),
        ("PROXY", "the header of the PROXY protocol", "read it from the socket before the handshake, or let the load balancer leave it out"),
        ("EHLO", "SMTP without TLS", "let the client begin with TLS"),
        ("HELO", "SMTP without TLS", "let the client begin with TLS"),
        ("SSH-", "SSH", null),
    ];

    private static readonly string[] HttpMethods = ["GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIO", "PATCH ", "PRI *"];

    /// <summary>Whose text it is, and what to do.</summary>
    /// <param name="bytes">The first bytes received, five or more.</param>
    /// <param name="isServer">True for a client's.</param>
    public static (string Protocol, string? Help) Recognize(ReadOnlySpan<byte> bytes, bool isServer)
    {
        string text = Encoding.Latin1.GetString(bytes);
        if (isServer && HttpMethods.Any(method => text.StartsWith(method[..Math.Min(method.Length, text.Length)], StringComparison.Ordinal)))
        {
            return ("an HTTP request without TLS", "the client uses http:// where this port wants https://");
        }

        foreach ((string start, string protocol, string? help) in isServer ? OfClients : OfServers)
        {
            if (text.StartsWith(start, StringComparison.Ordinal))
            {
                return (protocol, help);
            }
        }

        return isServer
            ? ("no protocol that is known here", "let the client begin with TLS")
            : ("no protocol that is known here", "look whether host and port are those of a TLS server, and whether its protocol wants some words before TLS begins");
    }

    /// <summary>The first line, printable.</summary>
    public static string FirstLine(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
        return ExplanationText.Printable(Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]));
    }
}
