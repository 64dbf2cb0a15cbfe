using Org.BouncyCastle.Crypto.Digests;

namespace SslModule.Engine.Certificates;

/// <summary>
/// Checks that the parts of an expanded private key belong together (FIPS 204 section 6.1), which BouncyCastle does not: the key holds
/// a hash of the public key and the low bits of its vector t, and signatures made with wrong ones are invalid.
/// </summary>
internal static class ExpandedKeyCheck
{
    private const int Modulus = 8380417;
    private const int Degree = 256;
    private const int RootOfUnity = 1753;
    private const long InverseOfDegree = 8347681;
    private const int DroppedBits = 13;
    private const int HashOffset = 64;
    private const int HashSize = 64;

    private static readonly long[] Zetas = Powers();

    /// <summary>True when the hash and the low bits agree with the rest, and the short vectors are short.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="expanded">The key: rho, K, tr, s1, s2 and t0.</param>
    /// <param name="publicKey">The public key that BouncyCastle computed of rho, s1 and s2.</param>
    public static bool IsConsistent(MlDsaSet set, ReadOnlySpan<byte> expanded, byte[] publicKey)
    {
        byte[] hash = Shake(256, publicKey, HashSize);
        if (!hash.AsSpan().SequenceEqual(expanded.Slice(HashOffset, HashSize)))
        {
            return false;
        }

        byte[] rho = expanded[..32].ToArray();
        ReadOnlySpan<byte> rest = expanded[(HashOffset + HashSize)..];
        long[][] s1 = Read(ref rest, set.Columns, set.ShortBits, set.Eta);
        long[][] s2 = Read(ref rest, set.Rows, set.ShortBits, set.Eta);
        long[][] t0 = Read(ref rest, set.Rows, DroppedBits, 1 << (DroppedBits - 1));
        bool consistent = s1.Concat(s2).All(polynomial => Array.TrueForAll(polynomial, value => value >= -set.Eta));
        Array.ForEach(s1, Transform);
        for (int row = 0; row < set.Rows && consistent; row++)
        {
            consistent = LowBits(Product(rho, row, s1), s2[row]).AsSpan().SequenceEqual(t0[row]);
        }

        foreach (long[] secret in s1.Concat(s2).Concat(t0))
        {
            Array.Clear(secret);
        }

        return consistent;
    }

    /// <summary>True when the hash agrees with the public key and the short vectors are short. Nothing is computed of them.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="expanded">The key.</param>
    /// <param name="publicKey">The public key that BouncyCastle computed.</param>
    public static bool HasShortVectors(MlDsaSet set, ReadOnlySpan<byte> expanded, byte[] publicKey)
    {
        if (!Shake(256, publicKey, HashSize).AsSpan().SequenceEqual(expanded.Slice(HashOffset, HashSize)))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = expanded[(HashOffset + HashSize)..];
        long[][] vectors = Read(ref rest, set.Columns + set.Rows, set.ShortBits, set.Eta);
        bool areShort = vectors.All(polynomial => Array.TrueForAll(polynomial, value => value >= -set.Eta));
        Array.ForEach(vectors, Array.Clear);
        return areShort;
    }

    // BitUnpack (algorithm 19): the values are stored as their difference from the largest.
    private static long[][] Read(ref ReadOnlySpan<byte> encoded, int count, int bits, int largest)
    {
        long[][] vector = new long[count][];
        for (int index = 0; index < count; index++)
        {
            vector[index] = new long[Degree];
            for (int at = 0; at < Degree * bits; at++)
            {
                vector[index][at / bits] |= (long)((encoded[at / 8] >> (at % 8)) & 1) << (at % bits);
            }

            for (int place = 0; place < Degree; place++)
            {
                vector[index][place] = largest - vector[index][place];
            }

            encoded = encoded[(Degree * bits / 8)..];
        }

        return vector;
    }

    // One row of the matrix times s1, transformed back.
    private static long[] Product(byte[] rho, int row, long[][] transformed)
    {
        long[] sum = new long[Degree];
        for (int column = 0; column < transformed.Length; column++)
        {
            long[] entry = MatrixEntry(rho, row, column);
            for (int place = 0; place < Degree; place++)
            {
                sum[place] = Reduce(sum[place] + (entry[place] * transformed[column][place]));
            }
        }

        TransformBack(sum);
        return sum;
    }

    // RejNTTPoly (algorithm 30).
    private static long[] MatrixEntry(byte[] rho, int row, int column)
    {
        // About one value in a thousand is rejected; the output is longer than ever needed.
        byte[] stream = Shake(128, [.. rho, (byte)column, (byte)row], 6 * Degree);
        long[] entry = new long[Degree];
        int found = 0;
        for (int at = 0; found < Degree; at += 3)
        {
            int value = stream[at] | (stream[at + 1] << 8) | ((stream[at + 2] & 0x7F) << 16);
            if (value < Modulus)
            {
                entry[found++] = value;
            }
        }

        return entry;
    }

    // Power2Round (algorithm 35) of the sum.
    private static long[] LowBits(long[] product, long[] error)
    {
        const int Half = 1 << (DroppedBits - 1);
        long[] low = new long[Degree];
        for (int place = 0; place < Degree; place++)
        {
            long value = Reduce(product[place] + error[place]) & ((2 * Half) - 1);
            low[place] = value > Half ? value - (2 * Half) : value;
        }

        return low;
    }

    // NTT (algorithm 41).
    private static void Transform(long[] values)
    {
        int next = 0;
        for (int length = Degree / 2; length > 0; length /= 2)
        {
            for (int start = 0; start < Degree; start += 2 * length)
            {
                long zeta = Zetas[++next];
                for (int place = start; place < start + length; place++)
                {
                    long product = Reduce(zeta * values[place + length]);
                    values[place + length] = Reduce(values[place] - product);
                    values[place] = Reduce(values[place] + product);
                }
            }
        }
    }

    // The inverse (algorithm 42).
    private static void TransformBack(long[] values)
    {
        int next = Degree;
        for (int length = 1; length < Degree; length *= 2)
        {
            for (int start = 0; start < Degree; start += 2 * length)
            {
                long zeta = Modulus - Zetas[--next];
                for (int place = start; place < start + length; place++)
                {
                    long before = values[place];
                    values[place] = Reduce(before + values[place + length]);
                    values[place + length] = Reduce(zeta * Reduce(before - values[place + length]));
                }
            }
        }

        for (int place = 0; place < Degree; place++)
        {
            values[place] = Reduce(values[place] * InverseOfDegree);
        }
    }

    // The powers of the root of unity, at the bit-reversed places.
    private static long[] Powers()
    {
        long[] powers = new long[Degree];
        long power = 1;
        for (int exponent = 0; exponent < Degree; exponent++)
        {
            int reversed = 0;
            for (int bit = 0; bit < 8; bit++)
            {
                reversed |= ((exponent >> bit) & 1) << (7 - bit);
            }

            powers[reversed] = power;
            power = Reduce(power * RootOfUnity);
        }

        return powers;
    }

    private static long Reduce(long value)
    {
        long rest = value % Modulus;
        return rest + (Modulus & (rest >> 63));
    }

    private static byte[] Shake(int strength, byte[] input, int length)
    {
        var shake = new ShakeDigest(strength);
        shake.BlockUpdate(input, 0, input.Length);
        byte[] output = new byte[length];
        shake.OutputFinal(output, 0, length);
        return output;
    }
}
