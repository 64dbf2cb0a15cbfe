using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;

namespace SslModule.Engine.Crypto.Cbc;

/// <summary>BouncyCastle's block ciphers in CBC mode: Camellia, 3DES, and AES on processors without AES instructions. .NET's (<see cref="PlatformCbc"/>) take the place of the latter two where the cryptography must be the platform's.</summary>
internal sealed class ManagedCbc : CbcMode
{
    private readonly IBlockCipher _write;
    private readonly IBlockCipher _read;

    /// <summary>Creates the cipher with the keys of both directions.</summary>
    /// <param name="create">Creates a block cipher engine.</param>
    /// <param name="writeKey">The key for encryption.</param>
    /// <param name="readKey">The key for decryption.</param>
    public ManagedCbc(Func<IBlockCipher> create, ReadOnlySpan<byte> writeKey, ReadOnlySpan<byte> readKey)
    {
        (_write, _read) = (create(), create());
        _write.Init(true, new KeyParameter(writeKey));
        _read.Init(false, new KeyParameter(readKey));
    }

    /// <inheritdoc/>
    public override int BlockLength => _write.GetBlockSize();

    /// <inheritdoc/>
    public override void Encrypt(Span<byte> chain, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int length = BlockLength;
        for (; !source.IsEmpty; source = source[length..], destination = destination[length..])
        {
            Mix(chain[..length], source);
            _write.ProcessBlock(chain, destination);
            destination[..length].CopyTo(chain);
        }
    }

    /// <inheritdoc/>
    public override void Decrypt(Span<byte> chain, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int length = BlockLength;
        Span<byte> ciphertext = (stackalloc byte[LongestBlock])[..length];
        for (; !source.IsEmpty; source = source[length..], destination = destination[length..])
        {
            source[..length].CopyTo(ciphertext);
            _read.ProcessBlock(ciphertext, destination);
            Mix(destination[..length], chain);
            ciphertext.CopyTo(chain);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // BouncyCastle's ciphers have no way to zero their keys.
    }

    private static void Mix(Span<byte> block, ReadOnlySpan<byte> other)
    {
        for (int i = 0; i < block.Length; i++)
        {
            block[i] ^= other[i];
        }
    }
}
