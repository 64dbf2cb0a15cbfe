using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Utilities;

namespace SslModule.Engine.Platform;

/// <summary>.NET's incremental hash behind BouncyCastle's interface. Since .NET 10 its state can be copied.</summary>
internal sealed class PlatformDigest : IDigest, IMemoable
{
    private IncrementalHash _hash;

    private PlatformDigest(IncrementalHash hash) => _hash = hash;

    /// <summary>True: the state can be copied.</summary>
    public static bool IsSupported => true;

    /// <summary>Begins a hash.</summary>
    public static IDigest Begin(HashAlgorithmName algorithm) => new PlatformDigest(IncrementalHash.CreateHash(algorithm));

    /// <inheritdoc/>
    public string AlgorithmName => _hash.AlgorithmName.Name!;

    /// <inheritdoc/>
    public int GetDigestSize() => _hash.HashLengthInBytes;

    /// <inheritdoc/>
    public int GetByteLength() => _hash.HashLengthInBytes > SHA256.HashSizeInBytes ? 128 : 64;

    /// <inheritdoc/>
    public void Update(byte input) => _hash.AppendData([input]);

    /// <inheritdoc/>
    public void BlockUpdate(byte[] input, int inOff, int inLen) => _hash.AppendData(input, inOff, inLen);

    /// <inheritdoc/>
    public void BlockUpdate(ReadOnlySpan<byte> input) => _hash.AppendData(input);

    /// <inheritdoc/>
    public int DoFinal(byte[] output, int outOff) => DoFinal(output.AsSpan(outOff));

    /// <inheritdoc/>
    public int DoFinal(Span<byte> output) => _hash.GetHashAndReset(output);

    /// <inheritdoc/>
    public void Reset() => _hash.GetHashAndReset();

    /// <inheritdoc/>
    public IMemoable Copy() => new PlatformDigest(_hash.Clone());

    /// <inheritdoc/>
    public void Reset(IMemoable other)
    {
        _hash.Dispose();
        _hash = ((PlatformDigest)other)._hash.Clone();
    }
}
