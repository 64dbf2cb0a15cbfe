using SslModule.Engine.Wire;

namespace SslModule.Engine.Ciphers;

/// <summary>
/// A cipher suite with OpenSSL's names. The first eight members are the columns of <c>openssl ciphers -V</c>; the others are
/// derived from them as in <c>SSLContext.get_ciphers()</c>.
/// </summary>
/// <param name="Id">The code point, such as 0x1302.</param>
/// <param name="Name">OpenSSL's name, such as <c>ECDHE-RSA-AES256-GCM-SHA384</c>.</param>
/// <param name="StandardName">The IANA registry's name.</param>
/// <param name="Protocol">The first version that supports the suite: <c>TLSv1.3</c>, <c>TLSv1.2</c>, <c>TLSv1.0</c> or <c>SSLv3</c>.</param>
/// <param name="Kx">Key exchange: <c>any</c>, <c>ECDH</c>, <c>DH</c>, <c>RSA</c>, <c>PSK</c>, <c>ECDHEPSK</c>, <c>DHEPSK</c>, <c>RSAPSK</c>.</param>
/// <param name="Au">Authentication: <c>any</c>, <c>ECDSA</c>, <c>RSA</c>, <c>PSK</c>, <c>None</c>.</param>
/// <param name="Enc">Encryption with its key bits, such as <c>AESGCM(256)</c>.</param>
/// <param name="Mac"><c>AEAD</c>, <c>SHA384</c>, <c>SHA256</c>, <c>SHA1</c> or <c>MD5</c>.</param>
internal sealed record CipherSuiteInfo(
    int Id, string Name, string StandardName, string Protocol, string Kx, string Au, string Enc, string Mac)
{
    private readonly BulkCipher _bulk = BulkCipher.ByName(Enc);

    /// <summary>The identifier that OpenSSL and <c>get_ciphers()</c> report: 0x0300 in the upper half, the code point in the lower.</summary>
    public int OpenSslId => 0x03000000 | Id;

    /// <summary>The strength in bits.</summary>
    public int StrengthBits => _bulk.StrengthBits;

    /// <summary>The key length in bits.</summary>
    public int AlgBits => _bulk.KeyBits;

    /// <summary>OpenSSL's long name of the encryption, such as <c>aes-256-gcm</c>; null for none.</summary>
    public string? Symmetric => _bulk.Symmetric;

    public bool Aead => Mac == "AEAD";

    /// <summary>OpenSSL's long name of the MAC's hash; null for AEAD.</summary>
    public string? Digest => Aead ? null : Mac.ToLowerInvariant();

    /// <summary>The key exchange, such as <c>kx-ecdhe</c>.</summary>
    public string Kea => Kx switch
    {
        "ECDH" => "kx-ecdhe",
        "DH" => "kx-dhe",
        "RSA" => "kx-rsa",
        "PSK" => "kx-psk",
        "ECDHEPSK" => "kx-ecdhe-psk",
        "DHEPSK" => "kx-dhe-psk",
        "RSAPSK" => "kx-rsa-psk",
        _ => "kx-any",
    };

    /// <summary>The authentication, such as <c>auth-rsa</c>.</summary>
    public string Auth => Au == "None" ? "auth-null" : "auth-" + Au.ToLowerInvariant();

    /// <summary>The line that SSL_CIPHER_description returns, without its line feed.</summary>
    public string Description
        => $"{Name,-30} {(Protocol == "TLSv1.0" ? "TLSv1" : Protocol),-7} Kx={Kx,-8} Au={Au,-5} Enc={Enc,-22} Mac={Mac,-4}";

    public bool IsTls13 => Protocol == "TLSv1.3";

    /// <summary>Whether the suite may be used in a version before TLS 1.3; suites of SSL 3.0 and TLS 1.0 may be used in all of them.</summary>
    public bool IsDefinedIn(int version) => !IsTls13 && (Protocol != "TLSv1.2" || version >= ProtocolVersion.TLSv12);

    public bool IsAnonymous => Au == "None";

    /// <summary>True before TLS 1.3 if the server has a certificate.</summary>
    public bool HasCertificate => Au is "RSA" or "ECDSA";

    /// <summary>True before TLS 1.3 if the server signs its ServerKeyExchange.</summary>
    public bool HasSignedKeyExchange => HasCertificate && Kx is ("ECDH" or "DH");

    public bool IsPsk => Kx is "PSK" or "ECDHEPSK" or "DHEPSK" or "RSAPSK";

    /// <summary>Whether the suite has forward secrecy: TLS 1.3 or an ephemeral key exchange.</summary>
    public bool IsForwardSecret => IsTls13 || Kx is "ECDH" or "DH" or "ECDHEPSK" or "DHEPSK";

    public override string ToString() => Name;
}
