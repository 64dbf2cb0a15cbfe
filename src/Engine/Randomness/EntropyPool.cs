using System.Security.Cryptography;

namespace SslModule.Engine.Randomness;

/// <summary>
/// A pool of seed material from the application and a stream derived from it. The stream alone is only as secret as that
/// material; <see cref="RandomSource"/> combines it with the operating system's random bytes.
/// </summary>
internal sealed class EntropyPool
{
    private const byte MixLabel = 1;
    private const byte StreamLabel = 2;
    private const byte NextLabel = 3;

    private readonly object _lock = new();
    private readonly byte[] _state = new byte[SHA512.HashSizeInBytes];

    /// <summary>
    /// Replaces the state with a MAC keyed by it, so that earlier material keeps its effect and new material cannot choose the
    /// output.
    /// </summary>
    public void Mix(ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            ComputeMac(MixLabel, data, _state);
        }
    }

    /// <summary>XORs the next bytes of the stream into <paramref name="destination"/>.</summary>
    public void XorInto(Span<byte> destination)
    {
        Span<byte> key = stackalloc byte[SHA512.HashSizeInBytes];
        lock (_lock)
        {
            // Derive a key for this call and a new state from which that key cannot be recovered.
            ComputeMac(StreamLabel, [], key);
            ComputeMac(NextLabel, [], _state);
        }

        Span<byte> block = stackalloc byte[SHA512.HashSizeInBytes];
        for (ulong counter = 0; !destination.IsEmpty; counter++)
        {
            HMACSHA512.HashData(key, BitConverter.GetBytes(counter), block);
            int count = Math.Min(block.Length, destination.Length);
            for (int i = 0; i < count; i++)
            {
                destination[i] ^= block[i];
            }

            destination = destination[count..];
        }

        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(block);
    }

    private void ComputeMac(byte label, ReadOnlySpan<byte> data, Span<byte> result)
    {
        using IncrementalHash mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA512, _state);
        mac.AppendData([label]);
        mac.AppendData(data);
        mac.GetHashAndReset(result);
    }
}
