using SslModule.Engine.Ciphers;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Records;

/// <summary>Creates the record protection of a cipher suite.</summary>
internal static class RecordCiphers
{
    /// <summary>Creates the record protection of a version before TLS 1.3.</summary>
    /// <param name="suite">The cipher suite.</param>
    /// <param name="version">The protocol version.</param>
    /// <param name="encryptThenMac">Whether encrypt_then_mac was negotiated (RFC 7366).</param>
    /// <param name="isServer">Whether this is the server.</param>
    /// <param name="keys">Fills in the key block.</param>
    public static RecordCipher Create(CipherSuiteInfo suite, int version, bool encryptThenMac, bool isServer, KeyBlock keys)
        => suite.Aead ? new AeadRecordCipher(AeadSuite.ByName(suite.Enc), isServer, keys)
            : Cbc(suite) is { } cbc ? new CbcRecordCipher(cbc, MacHash(suite), version, encryptThenMac, isServer, keys)
            : new MacRecordCipher(version, MacHash(suite), isServer, keys);

    /// <summary>The CBC parameters of a suite; null for other suites.</summary>
    public static CbcSuite? Cbc(CipherSuiteInfo suite) => suite.Enc switch
    {
        "AES(128)" => CbcSuite.Aes128,
        "AES(256)" => CbcSuite.Aes256,
        "Camellia(128)" => CbcSuite.Camellia128,
        "Camellia(256)" => CbcSuite.Camellia256,
        "3DES(168)" => CbcSuite.TripleDes,
        _ => null,
    };

    private static int MacHash(CipherSuiteInfo suite) => suite.Mac switch
    {
        "SHA1" => HashAlgorithm.sha1,
        "SHA256" => HashAlgorithm.sha256,
        "SHA384" => HashAlgorithm.sha384,
        _ => throw new FatalAlertException(AlertDescription.internal_error),
    };
}
