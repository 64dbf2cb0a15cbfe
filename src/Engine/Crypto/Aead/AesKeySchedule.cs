using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AesInstructions = System.Runtime.Intrinsics.X86.Aes;

namespace SslModule.Engine.Crypto;

/// <summary>AES key expansion (FIPS 197 section 5.2) with AES instructions.</summary>
internal static class AesKeySchedule
{
    /// <summary>True when the processor supports the instructions.</summary>
    public static bool IsSupported => AesInstructions.IsSupported;

    /// <summary>The number of round keys for a key of 16 or 32 bytes.</summary>
    public static int Count(int keyLength) => (keyLength / sizeof(uint)) + 7;

    /// <summary>Expands a key of 16 or 32 bytes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="roundKeys">Receives <see cref="Count"/> round keys.</param>
    public static void Expand(ReadOnlySpan<byte> key, Span<Vector128<byte>> roundKeys)
    {
        int words = key.Length / sizeof(uint);
        Span<uint> schedule = MemoryMarshal.Cast<Vector128<byte>, uint>(roundKeys);
        MemoryMarshal.Cast<byte, uint>(key).CopyTo(schedule);
        uint round = 1;
        for (int i = words; i < schedule.Length; i++)
        {
            uint word = schedule[i - 1];
            if (i % words == 0)
            {
                word = Substituted(word).GetElement(1) ^ round;
                round = (round << 1) ^ (round >> 7) * 0x11B;
            }
            else if (words > 6 && i % words == 4)
            {
                word = Substituted(word).GetElement(0);
            }

            schedule[i] = schedule[i - words] ^ word;
        }
    }

    /// <summary>Converts round keys to those of the equivalent inverse cipher (FIPS 197 section 5.3.5), in the order of their use.</summary>
    public static void Invert(Span<Vector128<byte>> roundKeys)
    {
        roundKeys.Reverse();
        foreach (ref Vector128<byte> key in roundKeys[1..^1])
        {
            key = AesInstructions.InverseMixColumns(key);
        }
    }

    // AESKEYGENASSIST returns the substituted word, and that word rotated.
    private static Vector128<uint> Substituted(uint word) => AesInstructions.KeygenAssist(Vector128.Create(word).AsByte(), 0).AsUInt32();
}
