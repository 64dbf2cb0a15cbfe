using System.Security.Cryptography;
using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Certificates;
using SslModule.Engine.Connection;
using SslModule.Engine.Handshake;
using SslModule.Engine.Handshake.Tls12.KeyExchange;
using static SslModule.Engine.Tests.Handshake.Intruder;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>What a server must put up with in a ClientHello: it answers as if it were not there.</summary>
[TestFixture]
internal sealed class ClientHelloToleranceTests
{
    private const int V12 = 0x0303;
    private const int V13 = 0x0304;
    private const int RecordHeader = 5;
    private const int CertificateAuthorities = 47;

    public static IEnumerable<TestCaseData> Rows()
    {
        // Extensions that this engine does not have, in a form that those who have them would refuse.
        foreach (int type in new[] { 3, 4, 6, 9, 14, 17, 18, 19, 20, 21, 27, 57, 17513, 0x5500, 0xFE0D })
        {
            yield return Row($"extension {type} with content of its own", V13, Add(type, [9, 9, 9]));
            yield return Row($"extension {type} with content of its own", V12, Add(type, [9, 9, 9]));
        }

        // Extensions of the other versions (RFC 8446 section 4.2).
        yield return Row("curves in another form than points", V13, Add(ExtensionType.ec_point_formats, [1, 1]));
        yield return Row("encrypt_then_mac with content", V13, Add(ExtensionType.encrypt_then_mac, [1]));
        yield return Row("extended_master_secret with content", V13, hello => Edit(hello, ExtensionType.extended_master_secret, [1]));
        yield return Row("early_data with content", V12, Add(ExtensionType.early_data, [1]));
        yield return Row("a malformed key_share", V12, Add(ExtensionType.key_share, [1]));
        yield return Row("a malformed psk_key_exchange_modes", V12, Add(ExtensionType.psk_key_exchange_modes, [1]));
        yield return Row("a malformed certificate_authorities", V12, Add(CertificateAuthorities, [1]));

        // A newer version than there is (RFC 5246 appendix E.1).
        foreach ((byte major, byte minor) in new (byte, byte)[] { (3, 4), (3, 9), (4, 1), (6, 3), (254, 253), (254, 254), (255, 255) })
        {
            yield return Row($"version {major}.{minor}", V12, hello => [.. hello[..4], major, minor, .. hello[6..]]);
        }

        yield return Row("every field at its longest", V12, Largest);
    }

    [TestCaseSource(nameof(Rows))]
    public void IsAnswered(int version, Func<byte[], byte[]> change)
    {
        using var client = new TlsConnection(WireContexts.Client(version), serverSide: false, WireContexts.HostName);
        client.Handshake();
        using var server = new TlsConnection(WireContexts.Server(version), serverSide: true, null);
        byte[] hello = change(client.Output[RecordHeader..].ToArray());
        for (int at = 0; at < hello.Length; at += 1 << 14)
        {
            server.Input(Plain(22, hello.AsSpan(at, Math.Min(1 << 14, hello.Length - at))));
        }

        Assert.That(server.Handshake(), Is.EqualTo(TlsStatus.WantRead));
        byte[] answer = server.Output.ToArray();
        Assert.That((answer[0], answer[RecordHeader]), Is.EqualTo(((byte)ContentType.handshake, (byte)HandshakeType.server_hello)));
    }

    /// <summary>With RSA key exchange the version is sealed with the secret (RFC 5246 section 7.4.7.1): it is the one that was offered.</summary>
    [TestCase(0x0303, true)]
    [TestCase(0x0304, true)]
    [TestCase(0x0603, true)]
    [TestCase(0x0603, false)]
    public void SecretBearsTheOfferedVersion(int offered, bool same)
    {
        TlsContext context = TestContexts.Server(V12, rsa: true);
        using var connection = new TlsConnection(context, serverSide: true, null);
        var state = new HandshakeState(context, isServer: true, null) { Connection = connection, OfferedVersion = offered };
        CertifiedKey key = context.CertifiedKeys[0];
        int sealedVersion = same ? offered : V12;
        byte[] premaster = [(byte)(sealedVersion >> 8), (byte)sealedVersion, .. RandomNumberGenerator.GetBytes(46)];
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(PemEncoding.WriteString("CERTIFICATE", key.Chain[0].Encoded.Span));
        using RSA publicKey = System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPublicKey(certificate)!;
        using var exchange = new RsaKeyExchange(state);
        exchange.UseKey(key.Key);
        byte[] encrypted = publicKey.Encrypt(premaster, RSAEncryptionPadding.Pkcs1);
        var reader = new Engine.Wire.WireReader((byte[])[(byte)(encrypted.Length >> 8), (byte)encrypted.Length, .. encrypted]);
        byte[] secret = exchange.ReadClientKeyExchange(ref reader);
        Assert.That(secret.AsSpan().SequenceEqual(premaster), Is.EqualTo(same));
    }

    private static TestCaseData Row(string name, int version, Func<byte[], byte[]> change)
        => new TestCaseData(version, change).SetName($"a ClientHello of TLS 1.{version - 0x0301} with {name}");

    private static Func<byte[], byte[]> Add(int type, byte[] data)
        => hello => HelloEditor.Extensions(Plain(22, hello)).Any(extension => extension.Type == type) ? Edit(hello, type, data) : HelloEditor.With(Plain(22, hello), type, data)[5..];

    private static byte[] Edit(byte[] hello, int type, byte[] data) => HelloEditor.Changed(Plain(22, hello), type, _ => data)[5..];

    /// <summary>Every field at its longest.</summary>
    private static byte[] Largest(byte[] hello)
    {
        int suitesAt = 4 + 2 + 32 + 1 + hello[38];
        int suites = (hello[suitesAt] << 8) | hello[suitesAt + 1];
        int compressionAt = suitesAt + 2 + suites;
        byte[] extensions = hello[(compressionAt + 1 + hello[compressionAt] + 2)..];
        int filler = ushort.MaxValue - extensions.Length - 4;
        return Message(
            1,
            [
                .. hello[4..38], 32, .. new byte[32],
                0xFF, 0xFE, .. hello[(suitesAt + 2)..compressionAt], .. new byte[0xFFFE - suites],
                0xFF, .. new byte[255],
                0xFF, 0xFF, .. extensions, 0x12, 0x34, (byte)(filler >> 8), (byte)filler, .. new byte[filler],
            ]);
    }
}
