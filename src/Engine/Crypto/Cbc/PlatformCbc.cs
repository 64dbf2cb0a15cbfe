using System.Security.Cryptography;

namespace SslModule.Engine.Crypto.Cbc;

/// <summary>.NET's block ciphers in CBC mode, which call the platform's crypto library: AES and 3DES.</summary>
internal sealed class PlatformCbc : CbcMode
{
    private readonly SymmetricAlgorithm _write;
    private readonly SymmetricAlgorithm _read;

    /// <summary>Creates the cipher with the keys of both directions.</summary>
    /// <param name="create">Creates the algorithm.</param>
    /// <param name="writeKey">The key for encryption.</param>
    /// <param name="readKey">The key for decryption.</param>
    public PlatformCbc(Func<SymmetricAlgorithm> create, ReadOnlySpan<byte> writeKey, ReadOnlySpan<byte> readKey)
    {
        (_write, _read) = (create(), create());
        SetKey(_write, writeKey);
        SetKey(_read, readKey);
    }

    /// <inheritdoc/>
    public override int BlockLength => _write.BlockSize / 8;

    /// <inheritdoc/>
    public override void Encrypt(Span<byte> chain, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (!source.IsEmpty)
        {
            chain = chain[..BlockLength];
            _write.EncryptCbc(source, chain, destination, PaddingMode.None);
            destination.Slice(source.Length - chain.Length, chain.Length).CopyTo(chain);
        }
    }

    /// <inheritdoc/>
    public override void Decrypt(Span<byte> chain, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (!source.IsEmpty)
        {
            chain = chain[..BlockLength];
            Span<byte> last = (stackalloc byte[LongestBlock])[..chain.Length];
            source[^chain.Length..].CopyTo(last);
            _read.DecryptCbc(source, chain, destination, PaddingMode.None);
            last.CopyTo(chain);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _write.Dispose();
        _read.Dispose();
    }

    private static void SetKey(SymmetricAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        byte[] copy = key.ToArray();
        algorithm.Key = copy;
        CryptographicOperations.ZeroMemory(copy);
    }
}
