using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Paddings;
using Org.BouncyCastle.Crypto.Parameters;

namespace SslModule.Engine.Certificates;

/// <summary>A block cipher in CBC mode with PKCS #7 padding, for encrypted key files.</summary>
internal sealed class CbcCipher
{
    private readonly Func<IBlockCipher> _engine;

    private CbcCipher(int keySize, Func<IBlockCipher> engine)
    {
        KeySize = keySize;
        _engine = engine;
    }

    /// <summary>The key length in bytes.</summary>
    public int KeySize { get; }

    /// <summary>Finds the cipher by its object identifier; null when unknown.</summary>
    public static CbcCipher? FromOid(string oid) => oid switch
    {
        "2.16.840.1.101.3.4.1.2" => Aes(16),
        "2.16.840.1.101.3.4.1.22" => Aes(24),
        "2.16.840.1.101.3.4.1.42" => Aes(32),
        "1.2.410.200046.1.1.2" => Aria(16),
        "1.2.410.200046.1.1.7" => Aria(24),
        "1.2.410.200046.1.1.12" => Aria(32),
        "1.2.840.113549.3.7" => new CbcCipher(24, () => new DesEdeEngine()),
        "1.3.14.3.2.7" => new CbcCipher(8, () => new DesEngine()),
        "1.2.392.200011.61.1.1.1.2" => Camellia(16),
        "1.2.392.200011.61.1.1.1.3" => Camellia(24),
        "1.2.392.200011.61.1.1.1.4" => Camellia(32),
        _ => null,
    };

    /// <summary>Finds the cipher by its name in a DEK-Info header; null when unknown.</summary>
    public static CbcCipher? FromName(string name) => name.ToUpperInvariant() switch
    {
        "AES-128-CBC" => Aes(16),
        "AES-192-CBC" => Aes(24),
        "AES-256-CBC" => Aes(32),
        "DES-EDE3-CBC" => new CbcCipher(24, () => new DesEdeEngine()),
        "DES-EDE-CBC" => new CbcCipher(16, () => new DesEdeEngine()),
        "ARIA-128-CBC" => Aria(16),
        "ARIA-192-CBC" => Aria(24),
        "ARIA-256-CBC" => Aria(32),
        "DES-CBC" => new CbcCipher(8, () => new DesEngine()),
        "CAMELLIA-128-CBC" => Camellia(16),
        "CAMELLIA-192-CBC" => Camellia(24),
        "CAMELLIA-256-CBC" => Camellia(32),
        _ => null,
    };

    /// <summary>Decrypts data; null when the padding is invalid, which is how a wrong password shows.</summary>
    public byte[]? Decrypt(byte[] key, byte[] iv, byte[] data)
    {
        try
        {
            var cipher = new PaddedBufferedBlockCipher(new CbcBlockCipher(_engine()), new Pkcs7Padding());
            cipher.Init(false, new ParametersWithIV(new KeyParameter(key), iv));
            return Finish(cipher, data);
        }
        catch (Exception error) when (error is CryptoException or ArgumentException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Processes <paramref name="data"/> block by block, because BouncyCastle's one-call method leaves a copy of it in memory.</summary>
    public static byte[] Finish(IBufferedCipher cipher, byte[] data)
    {
        byte[] room = new byte[cipher.GetOutputSize(data.Length)];
        try
        {
            int length = cipher.ProcessBytes(data, 0, data.Length, room, 0);
            length += cipher.DoFinal(room, length);
            return room[..length];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(room);
        }
    }

    private static CbcCipher Aes(int keySize) => new(keySize, Org.BouncyCastle.Crypto.AesUtilities.CreateEngine);

    private static CbcCipher Aria(int keySize) => new(keySize, () => new AriaEngine());

    private static CbcCipher Camellia(int keySize) => new(keySize, () => new CamelliaEngine());
}
