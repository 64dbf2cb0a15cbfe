using System.Runtime.CompilerServices;
using NUnit.Framework;
using SslModule.Engine.Crypto.MlKem;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>The parts of ML-KEM-768 against their definitions in FIPS 203, for every number there is.</summary>
public class MlKemPartTests
{
    private const int Q = Modular.Q;

    [OneTimeSetUp]
    public void NeedsTheProcessor()
    {
        if (!MlKem768.IsSupported)
        {
            Assert.Ignore("this processor has no AVX2");
        }
    }

    [Test]
    public void CompressesEveryNumber([Values(1, 4, 10)] int bits)
    {
        for (int start = 0; start < Q; start += Polynomial.Length)
        {
            Polynomial numbers = Make(place => Math.Min(start + place, Q - 1));
            byte[] bytes = new byte[Encoding.Length10];
            switch (bits)
            {
                case 1: Encoding.WriteCompressed1(ref numbers, bytes); break;
                case 4: Encoding.WriteCompressed4(ref numbers, bytes); break;
                default: Encoding.WriteCompressed10(ref numbers, bytes); break;
            }

            for (int place = 0; place < Polynomial.Length; place++)
            {
                int number = Math.Min(start + place, Q - 1);
                int expected = (((number << bits) + (Q / 2)) / Q) & ((1 << bits) - 1);
                Assert.That(Bits(bytes, place, bits), Is.EqualTo(expected), $"{number}");
            }
        }
    }

    [Test]
    public void DecompressesEveryNumber([Values(1, 4, 10)] int bits)
    {
        for (int start = 0; start < 1 << bits; start += Polynomial.Length)
        {
            byte[] bytes = new byte[Encoding.Length10 + 16];
            for (int place = 0; place < Polynomial.Length; place++)
            {
                Put(bytes, place, bits, (start + place) & ((1 << bits) - 1));
            }

            Polynomial numbers = default;
            switch (bits)
            {
                case 1: Encoding.ReadCompressed1(bytes, ref numbers); break;
                case 4: Encoding.ReadCompressed4(bytes, ref numbers); break;
                default: Encoding.ReadCompressed10(bytes, ref numbers); break;
            }

            for (int place = 0; place < Polynomial.Length; place++)
            {
                int number = (start + place) & ((1 << bits) - 1);
                Assert.That(At(ref numbers, place), Is.EqualTo(((number * Q) + (1 << (bits - 1))) >> bits), $"{number}");
            }
        }
    }

    [Test]
    public void WritesAndReadsTwelveBits()
    {
        var random = new Random(5);
        int[] expected = [.. Enumerable.Range(0, Polynomial.Length).Select(_ => random.Next(Q))];
        Polynomial numbers = Make(place => expected[place]);
        byte[] bytes = new byte[Encoding.Length12 + 16];
        Encoding.Write12(ref numbers, bytes);
        Assert.That(Enumerable.Range(0, Polynomial.Length).Select(place => Bits(bytes, place, 12)), Is.EqualTo(expected));
        Polynomial read = default;
        Assert.That(Encoding.TryRead12(bytes, ref read));
        Assert.That(Enumerable.Range(0, Polynomial.Length).Select(place => At(ref read, place)), Is.EqualTo(expected));
    }

    [Test]
    public void NormalizesEveryNumber()
    {
        for (int start = short.MinValue; start <= short.MaxValue; start += Polynomial.Length)
        {
            Polynomial numbers = Make(place => start + place);
            numbers.Normalize();
            for (int place = 0; place < Polynomial.Length; place++)
            {
                Assert.That(At(ref numbers, place), Is.EqualTo((((start + place) % Q) + Q) % Q));
            }
        }
    }

    /// <summary>Products of polynomials, by the transform and by the definition modulo X^256 + 1; the largest coefficients are among them.</summary>
    [Test]
    public void MultipliesAsTheDefinitionDoes([Range(0, 7)] int kind)
    {
        var random = new Random(6);
        int[][] left = [Numbers(kind & 1, random), Numbers(kind & 2, random), Numbers(kind & 4, random)];
        int[][] right = [Numbers(kind & 4, random), Numbers(kind & 2, random), Numbers(kind & 1, random)];
        PolynomialVector a = default;
        PolynomialVector b = default;
        long[] expected = new long[Polynomial.Length];
        for (int row = 0; row < PolynomialVector.Rank; row++)
        {
            a[row] = Make(place => left[row][place]);
            b[row] = Make(place => right[row][place]);
            Transform.Forward(ref a[row]);
            Transform.Forward(ref b[row]);
            for (int i = 0; i < Polynomial.Length; i++)
            {
                for (int j = 0; j < Polynomial.Length; j++)
                {
                    int sign = i + j < Polynomial.Length ? 1 : -1;
                    expected[(i + j) % Polynomial.Length] += sign * left[row][i] * right[row][j];
                }
            }
        }

        Multiplier multiplier = default;
        multiplier.Prepare(ref b);
        Polynomial product = default;
        Transform.Multiply(ref a[0], ref a[1], ref a[2], ref multiplier, ref product);
        Transform.Backward(ref product);
        product.Normalize();
        Assert.That(
            Enumerable.Range(0, Polynomial.Length).Select(place => (long)At(ref product, place)),
            Is.EqualTo(expected.Select(number => ((number % Q) + Q) % Q)));
    }

    // Random ones, or all at an end of what the transform takes.
    private static int[] Numbers(int extreme, Random random)
        => [.. Enumerable.Range(0, Polynomial.Length).Select(place => extreme != 0 ? (random.Next(2) == 0 ? Q - 1 : 1 - Q) : random.Next(-Q, Q + 1))];

    private static Polynomial Make(Func<int, int> number)
    {
        Polynomial polynomial = default;
        for (int place = 0; place < Polynomial.Length; place++)
        {
            At(ref polynomial, place) = (short)number(place);
        }

        return polynomial;
    }

    private static ref short At(ref Polynomial polynomial, int place) => ref Unsafe.Add(ref Unsafe.As<Polynomial, short>(ref polynomial), place);

    private static int Bits(byte[] bytes, int place, int count)
    {
        int number = 0;
        for (int bit = 0; bit < count; bit++)
        {
            int at = (place * count) + bit;
            number |= ((bytes[at / 8] >> (at % 8)) & 1) << bit;
        }

        return number;
    }

    private static void Put(byte[] bytes, int place, int count, int number)
    {
        for (int bit = 0; bit < count; bit++)
        {
            int at = (place * count) + bit;
            bytes[at / 8] |= (byte)(((number >> bit) & 1) << (at % 8));
        }
    }
}
