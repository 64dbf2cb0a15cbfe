using System.Security.Cryptography;

namespace SslModule.Engine.Randomness;

/// <summary>
/// What applications add to the randomness, and a stream made from it. The stream alone is as secret as what was added;
/// <see cref="RandomSource"/> combines it with the operating system's.
/// </summary>
internal sealed class EntropyPool
{
    private const byte MixLabel = 1;
    private const byte StreamLabel = 2;
    private const byte NextLabel = 3;

    private readonly object _lock = new();
    private readonly byte[] _state = new byte[SHA512.HashSizeInBytes];

    /// <summary>Replaces the state by a MAC under it: nothing added before is lost and nothing added can choose what comes out.</summary>
    public void Mix(ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            Step(MixLabel, data, _state);
        }
    }

    /// <summary>Combines the next bytes of the stream into <paramref name="destination"/> by exclusive or.</summary>
    public void XorInto(Span<byte> destination)
    {
        Span<byte> key = stackalloc byte[SHA512.HashSizeInBytes];
        lock (_lock)
        {
            // A key for this call alone, and a new state from which it cannot be found again.
            Step(StreamLabel, [], key);
            Step(NextLabel, [], _state);
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

    private void Step(byte label, ReadOnlySpan<byte> data, Span<byte> result)
    {
        using IncrementalHash mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA512, _state);
        mac.AppendData([label]);
        mac.AppendData(data);
        mac.GetHashAndReset(result);
    }
}
