using Org.BouncyCastle.Crypto.Engines;
using SslModule.Engine.Crypto;
using SslModule.Engine.Crypto.Cbc;

namespace SslModule.Engine.Records;

/// <summary>The parameters of a block cipher in CBC mode.</summary>
/// <param name="KeyLength">The key length in bytes.</param>
/// <param name="BlockLength">The block length in bytes.</param>
/// <param name="Create">Creates the cipher from the write key and the read key.</param>
internal sealed record CbcSuite(int KeyLength, int BlockLength, CbcSuite.Factory Create)
{
    /// <summary>Creates the cipher for both directions.</summary>
    internal delegate CbcMode Factory(ReadOnlySpan<byte> writeKey, ReadOnlySpan<byte> readKey);

    public static readonly CbcSuite Aes128 = new(16, 16, Aes);

    public static readonly CbcSuite Aes256 = new(32, 16, Aes);

    public static readonly CbcSuite Camellia128 = new(16, 16, Camellia);

    public static readonly CbcSuite Camellia256 = new(32, 16, Camellia);

    public static readonly CbcSuite TripleDes = new(24, 8, TripleDesOf);

    private static CbcMode Aes(ReadOnlySpan<byte> write, ReadOnlySpan<byte> read)
        => PlatformCryptography.IsOnly ? new PlatformCbc(System.Security.Cryptography.Aes.Create, write, read)
            : AesKeySchedule.IsSupported ? new HardwareAesCbc(write, read)
            : new ManagedCbc(static () => new AesEngine(), write, read);

    private static CbcMode TripleDesOf(ReadOnlySpan<byte> write, ReadOnlySpan<byte> read)
        => PlatformCryptography.IsOnly ? new PlatformCbc(System.Security.Cryptography.TripleDES.Create, write, read) : new ManagedCbc(static () => new DesEdeEngine(), write, read);

    private static ManagedCbc Camellia(ReadOnlySpan<byte> write, ReadOnlySpan<byte> read) => new(static () => new CamelliaEngine(), write, read);
}
