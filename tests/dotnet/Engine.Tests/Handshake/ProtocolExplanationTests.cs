using System.Text;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>What failures of the protocol explain on either end.</summary>
public sealed class ProtocolExplanationTests
{
    [Test]
    public void No_version_in_common()
    {
        using MemoryPair pair = MemoryPair.Shake(TestContexts.Careless(TestContexts.Tls13), TestContexts.Server(TestContexts.Tls12));
        Assert.That(pair.ServerFailure!.Explanation, Does.StartWith(
            "what happened: client and server have no version in common; this server has sent the alert protocol_version (70)\n"
            + "the client offered: versions TLSv1.3\nthis server accepts: versions TLSv1.2\nwhat would help: "));
        Assert.That(pair.ClientFailure!.Explanation, Does.StartWith(
            "what happened: the server has sent the alert protocol_version (70): it speaks none of the offered versions\nthis client offered: versions TLSv1.3\n"));
    }

    [Test]
    public void A_version_that_the_client_did_not_offer()
    {
        // A ServerHello of TLS 1.2 to a client of TLS 1.3 alone.
        using MemoryPair pair = MemoryPair.Shake(TestContexts.Careless(TestContexts.Tls13), TestContexts.Server(), wire: (fromClient, bytes) => fromClient ? bytes : ServerHello12());
        Assert.That(pair.ClientFailure!.Reason, Is.EqualTo("UNSUPPORTED_PROTOCOL"));
        Assert.That(pair.ClientFailure.Explanation, Does.StartWith("what happened: the server has chosen TLSv1.2, which this client did not offer\nthis client offered: versions TLSv1.3\n"));
    }

    [Test]
    public void No_cipher_in_common()
    {
        using MemoryPair pair = MemoryPair.Shake(
            TestContexts.Careless(TestContexts.Tls12, "ECDHE-ECDSA-AES256-GCM-SHA384"), TestContexts.Server(TestContexts.Tls12, "ECDHE-ECDSA-AES128-GCM-SHA256"));
        Assert.That(pair.ServerFailure!.Reason, Is.EqualTo("NO_SHARED_CIPHER"));
        string[] lines = pair.ServerFailure.Explanation!.Split('\n');
        Assert.That(lines[1], Does.StartWith("the client offered: versions up to TLSv1.2; ciphers ECDHE-ECDSA-AES256-GCM-SHA384; groups "));
        Assert.That(lines[2], Does.StartWith("this server accepts: versions TLSv1.2; ciphers ECDHE-ECDSA-AES128-GCM-SHA256; groups "));
        Assert.That(pair.ClientFailure!.Explanation, Does.Contain("the server has sent the alert handshake_failure (40)").And.Contain("this client offered: versions TLSv1.2; ciphers ECDHE-ECDSA-AES256-GCM-SHA384; groups "));
    }

    [Test]
    public void No_certificate_on_the_server()
    {
        using MemoryPair pair = MemoryPair.Shake(TestContexts.Careless(), TestContexts.BareServer());
        Assert.That(pair.ServerFailure!.Explanation, Does.Contain("this server has no certificate").And.EndsWith("what would help: load_cert_chain()"));
    }

    [Test]
    public void A_refused_certificate_on_both_ends()
    {
        var client = new TlsContext(TlsProtocolSelection.TlsClient);
        using MemoryPair pair = MemoryPair.Shake(client, TestContexts.Server(), "localhost");
        Assert.That(pair.ClientFailure!.Describe(), Does.StartWith("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:"));
        Assert.That(pair.ClientFailure.Explanation, Does.StartWith("certificate: depth 0, the server's own; subject 'CN=localhost', issuer 'CN=root'"));
        Assert.That(pair.ServerFailure!.Explanation, Does.StartWith("what happened: the client has sent the alert unknown_ca (48)").And.Contain("this end sent 'CN=localhost', issued by 'CN=root'"));
    }

    [Test]
    public void A_missing_client_certificate()
    {
        TlsContext server = TestContexts.Server();
        server.VerifyMode = VerifyMode.Required;
        using MemoryPair pair = MemoryPair.Shake(TestContexts.Careless(), server);
        Assert.That(pair.ServerFailure!.Explanation, Does.Contain("the client has no certificate to send"));
        TlsError read = Assert.Throws<TlsError>(() => pair.Client.Read(new byte[1], out _))!;
        Assert.That(read.Explanation, Does.Contain("certificate_required (116)").And.Contain("load_cert_chain()").And.Contain("this context has none"));
    }

    [TestCase("GET / HTTP/1.1\r\nHost: x\r\n", "HTTP_REQUEST", "'GET / HTTP/1.1', which is an HTTP request without TLS")]
    [TestCase("OPTIONS / HTTP/1.1\r\n", "WRONG_VERSION_NUMBER", "which is an HTTP request without TLS")]
    [TestCase("CONNECT x:443 HTTP/1.1\r\n", "HTTPS_PROXY_REQUEST", "which is a request to an HTTP proxy")]
    [TestCase("EHLO me\r\n", "WRONG_VERSION_NUMBER", "which is SMTP without TLS")]
    [TestCase("\u001b[31m\n\n\n", "WRONG_VERSION_NUMBER", @"'\x1b[31m', which is no protocol that is known here")]
    public void A_client_without_tls(string greeting, string reason, string said) => WithoutTls(serverSide: true, greeting, reason, "the client does not speak TLS: its first bytes are ", said);

    [TestCase("HTTP/1.1 400 Bad Request\r\n\r\n", "'HTTP/1.1 400 Bad Request', which is HTTP without TLS")]
    [TestCase("220 mail ESMTP\r\n", "'220 mail ESMTP', which is SMTP or FTP, which begin without TLS")]
    [TestCase("* OK IMAP4 ready\r\n", "which is IMAP")]
    [TestCase("SSH-2.0-Server\r\n", "which is SSH")]
    public void A_server_without_tls(string greeting, string said) => WithoutTls(serverSide: false, greeting, "WRONG_VERSION_NUMBER", "the server does not speak TLS: its first bytes are ", said);

    [Test]
    public void Plain_text_after_the_handshake()
    {
        using MemoryPair pair = MemoryPair.Connect(TestContexts.Careless(), TestContexts.Server());
        pair.Send([1], fromClient: false);
        pair.Client.Input("421 closing\r\n"u8);
        TlsError error = Assert.Throws<TlsError>(() => pair.Client.Read(new byte[1], out _))!;
        Assert.That(error.Explanation, Is.EqualTo(
            "what happened: in the place of a TLS record came '421 closing'\nwhat would help: look at the server: it has gone over to plain text, or two writers share its socket"));
    }

    [Test]
    public void A_connection_that_is_closed_at_once()
    {
        using var client = new TlsConnection(TestContexts.Careless(), serverSide: false, null);
        client.Handshake();
        client.InputEnd();
        TlsError error = Assert.Throws<TlsError>(() => client.Handshake())!;
        Assert.That(error.Kind, Is.EqualTo(TlsErrorKind.Eof).Or.EqualTo(TlsErrorKind.ZeroReturn));
        if (error.Kind == TlsErrorKind.Eof)
        {
            Assert.That(error.Explanation, Does.StartWith("what happened: the server has closed the connection in the handshake without an alert, before it sent anything\n"));
        }
    }

    [Test]
    public void Nothing_is_said_of_damaged_messages()
    {
        using MemoryPair pair = MemoryPair.Shake(TestContexts.Careless(), TestContexts.Server(), wire: (fromClient, bytes) =>
        {
            if (fromClient)
            {
                bytes[6] ^= 0x40;
            }

            return bytes;
        });
        Assert.That(pair.ServerFailure, Is.Not.Null);
        Assert.That(pair.ServerFailure!.Explanation, Is.Null);
    }

    private static void WithoutTls(bool serverSide, string greeting, string reason, params string[] said)
    {
        using var connection = new TlsConnection(serverSide ? TestContexts.Server() : TestContexts.Careless(), serverSide, null);
        connection.Input(Encoding.Latin1.GetBytes(greeting));
        TlsError error = Assert.Throws<TlsError>(() => connection.Handshake())!;
        Assert.That(error.Reason, Is.EqualTo(reason));
        foreach (string text in said)
        {
            Assert.That(error.Explanation, Does.Contain(text));
        }
    }

    private static byte[] ServerHello12()
    {
        byte[] body = [3, 3, .. new byte[32], 0, 0xC0, 0x2B, 0];
        byte[] message = [2, 0, 0, (byte)body.Length, .. body];
        return [22, 3, 3, 0, (byte)message.Length, .. message];
    }
}
