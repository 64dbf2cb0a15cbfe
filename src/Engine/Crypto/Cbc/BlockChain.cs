namespace SslModule.Engine.Crypto.Cbc;

/// <summary>A block cipher in CBC mode (NIST SP 800-38A section 6.2), one key each way.</summary>
internal abstract class BlockChain : IDisposable
{
    /// <summary>The length of the longest block there is.</summary>
    public const int LongestBlock = 16;

    /// <summary>The length of a block, 8 or 16 bytes.</summary>
    public abstract int BlockLength { get; }

    /// <summary>Encrypts whole blocks.</summary>
    /// <param name="chain">The initialization vector, or the ciphertext block before; gets the last one.</param>
    /// <param name="source">The plaintext.</param>
    /// <param name="destination">At least as long; <paramref name="source"/> itself, or elsewhere.</param>
    public abstract void Encrypt(Span<byte> chain, ReadOnlySpan<byte> source, Span<byte> destination);

    /// <summary>Decrypts whole blocks; the parameters are those of <see cref="Encrypt"/>.</summary>
    public abstract void Decrypt(Span<byte> chain, ReadOnlySpan<byte> source, Span<byte> destination);

    /// <summary>Zeroes the keys as far as they are ours.</summary>
    public abstract void Dispose();
}
