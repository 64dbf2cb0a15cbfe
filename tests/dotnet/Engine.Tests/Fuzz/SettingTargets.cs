using System.Text;
using SslModule.Engine.Certificates;
using SslModule.Engine.Context;

namespace SslModule.Engine.Tests.Fuzz;

/// <summary>Lists and names that a program takes from its own settings, or from a user.</summary>
internal static class SettingTargets
{
    private static readonly (Action<TlsContext, string> Set, string[] Seeds)[] Settings =
    [
        ((context, text) => context.SetCiphers(text), ["DEFAULT:!aNULL:@SECLEVEL=1", "ECDHE+AESGCM:-RSA:kRSA+AES:@STRENGTH", "ALL:COMPLEMENTOFALL"]),
        ((context, text) => context.SetCipherSuites(text), ["TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256"]),
        ((context, text) => context.SetGroups(text), ["*X25519MLKEM768/?X25519:P-256:-P-384", "DEFAULT:-X448", "ffdhe2048:brainpoolP256r1tls13"]),
        ((context, text) => context.SetServerSignatureAlgorithms(text), ["ECDSA+SHA256:rsa_pss_rsae_sha256:ed25519", "RSA-PSS+SHA512:mldsa65"]),
        ((context, text) => context.SetClientSignatureAlgorithms(text), ["?unknown:ECDSA+SHA384"]),
        ((context, text) => context.SetEcdhCurve(text), ["prime256v1", "X25519"]),
        ((context, text) => context.SetAlpnProtocols(Encoding.Latin1.GetBytes(text)), ["\x02h2\x08http/1.1"]),
    ];

    /// <summary>These targets.</summary>
    public static IEnumerable<FuzzTarget> All =>
    [
        new("settings", () => Settings.SelectMany((setting, index) => setting.Seeds.Select(seed => (byte[])[(byte)index, .. Encoding.Latin1.GetBytes(seed)])), UseSetting),
        new("hostname", () => ["\0*.example.com\0www.example.com"u8.ToArray(), "\u0001www.example.com\0www.example.com"u8.ToArray(), "\u0002xn--*.example\0::1"u8.ToArray()], UseHostName),
    ];

    private static void UseSetting(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        var context = new TlsContext(TlsProtocolSelection.TlsServer);
        FuzzTarget.Tolerate(() => Settings[input[0] % Settings.Length].Set(context, Encoding.Latin1.GetString(input, 1, input.Length - 1)));
    }

    private static void UseHostName(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        string[] texts = Encoding.UTF8.GetString(input, 1, input.Length - 1).Split('\0', 2);
        string host = texts.Length > 1 ? texts[1] : "www.example.com";
        HostNameMatcher.Matches(texts[0], host, input[0]);
        FuzzTarget.Tolerate(() => _ = new SslModule.Engine.Connection.TlsConnection(new TlsContext(TlsProtocolSelection.TlsClient), serverSide: false, host));
    }
}
