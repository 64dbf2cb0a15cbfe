namespace SslModule.Engine.Crypto.Cbc;

/// <summary>A block cipher in CBC mode (NIST SP 800-38A section 6.2), with one key for each direction.</summary>
internal abstract class CbcMode : IDisposable
{
    /// <summary>The block length in bytes of the largest supported cipher.</summary>
    public const int LongestBlock = 16;

    /// <summary>The block length in bytes, 8 or 16.</summary>
    public abstract int BlockLength { get; }

    /// <summary>Encrypts whole blocks.</summary>
    /// <param name="chain">The IV or the previous ciphertext block; receives the last ciphertext block.</param>
    /// <param name="source">The plaintext.</param>
    /// <param name="destination">At least as long as <paramref name="source"/>; may be the same buffer, but must not overlap it otherwise.</param>
    public abstract void Encrypt(Span<byte> chain, ReadOnlySpan<byte> source, Span<byte> destination);

    /// <summary>Decrypts whole blocks; takes the same parameters as <see cref="Encrypt"/>.</summary>
    public abstract void Decrypt(Span<byte> chain, ReadOnlySpan<byte> source, Span<byte> destination);

    /// <summary>Zeroes the keys where the implementation owns them.</summary>
    public abstract void Dispose();
}
