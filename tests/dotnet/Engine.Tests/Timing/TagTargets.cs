using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Tests.Timing;

/// <summary>TLS 1.3 records whose tag is wrong at its first byte or at its last.</summary>
internal static class TagTargets
{
    private const int TextLength = 200;

    public static IEnumerable<KeyValuePair<string, Func<string, TimingTarget>>> All { get; } =
    [
        new("tag-aes-gcm", name => Tag(name, AeadSuite.Aes128Gcm)),
        new("tag-aes-gcm-platform", name => Tag(name, AeadSuite.Aes128Gcm with { Create = key => new PlatformAead.Gcm(key) })),
        new("tag-chacha20-poly1305", name => Tag(name, AeadSuite.ChaCha20)),
        new("tag-chacha20-poly1305-managed", name => Tag(name, AeadSuite.ChaCha20 with { Create = key => new ManagedAead(key, 16, () => new Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305()) })),
        new("tag-aes-ccm", name => Tag(name, AeadSuite.Aes128Ccm)),
    ];

    private static TimingTarget Tag(string name, AeadSuite suite)
    {
        byte[] one = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes), other = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
        using var client = new AeadRecordCipher(suite, HashAlgorithm.sha256, isServer: false, one, other);
        var server = new AeadRecordCipher(suite, HashAlgorithm.sha256, isServer: true, one, other);
        byte[] good = new byte[client.SealedLength(TextLength)];
        client.Seal(ContentType.application_data, ProtocolVersion.TLSv12, new byte[TextLength], good);
        byte[] record = new byte[good.Length];
        return new TimingTarget(
            name,
            "first byte of the tag wrong / last byte",
            good.Length,
            (second, input) =>
            {
                good.CopyTo(input, 0);
                input[second ? ^1 : ^16] ^= 1;
            },
            input => input.CopyTo(record, 0),
            () => CbcTargets.Refused(server, record));
    }
}
