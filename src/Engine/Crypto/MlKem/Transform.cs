using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>The number-theoretic transform, its inverse, and products in the NTT domain (FIPS 203 section 4.3).</summary>
internal static class Transform
{
    /// <summary>NTT (algorithm 9). Input coefficients lie between -q and q, output coefficients between 0 and q.</summary>
    public static void Forward(ref Polynomial polynomial)
    {
        ref Vector256<short> first = ref polynomial[0];
        ref Vector256<short> zeta = ref Zetas.Forward;
        for (int length = Polynomial.Vectors / 2; length > 0; length /= 2)
        {
            for (int start = 0; start < Polynomial.Vectors; start += 2 * length)
            {
                for (int place = start; place < start + length; place++)
                {
                    ref Vector256<short> low = ref Unsafe.Add(ref first, place);
                    ref Vector256<short> high = ref Unsafe.Add(ref first, place + length);
                    Vector256<short> product = Modular.Multiply(high, zeta, Unsafe.Add(ref zeta, 1));
                    high = Avx2.Subtract(low, product);
                    low = Avx2.Add(low, product);
                }

                zeta = ref Unsafe.Add(ref zeta, 2);
            }
        }

        // Each layer adds less than q: coefficients are below 5 q here, and below 8 q at the end.
        for (int place = 0; place < Polynomial.Vectors; place++)
        {
            Vector256<short> v = Unsafe.Add(ref first, place);
            Vector256<short> low = Avx2.Permute4x64(v.AsInt64(), 0b01_00_01_00).AsInt16();
            Vector256<short> high = Avx2.Permute4x64(v.AsInt64(), 0b11_10_11_10).AsInt16();
            v = Avx2.Add(low, Modular.Multiply(high, zeta, Unsafe.Add(ref zeta, 1)));
            low = Avx2.Shuffle(v.AsInt32(), 0b01_00_01_00).AsInt16();
            high = Avx2.Shuffle(v.AsInt32(), 0b11_10_11_10).AsInt16();
            v = Avx2.Add(low, Modular.Multiply(high, Unsafe.Add(ref zeta, 2), Unsafe.Add(ref zeta, 3)));
            low = Avx2.Shuffle(v.AsInt32(), 0b10_10_00_00).AsInt16();
            high = Avx2.Shuffle(v.AsInt32(), 0b11_11_01_01).AsInt16();
            v = Avx2.Add(low, Modular.Multiply(high, Unsafe.Add(ref zeta, 4), Unsafe.Add(ref zeta, 5)));
            Unsafe.Add(ref first, place) = Modular.Reduce(v);
            zeta = ref Unsafe.Add(ref zeta, 6);
        }
    }

    /// <summary>The inverse NTT (algorithm 10) of a product. Input and output coefficients lie between -q and q.</summary>
    public static void Backward(ref Polynomial polynomial)
    {
        ref Vector256<short> first = ref polynomial[0];
        ref Vector256<short> zeta = ref Zetas.Backward;
        Vector256<short> pairs = Vector256.Create(1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1);
        Vector256<short> fours = Vector256.Create(1, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1, -1, -1, -1, -1);
        Vector256<short> eights = Vector256.Create(1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1);
        for (int place = 0; place < Polynomial.Vectors; place++)
        {
            // The sum goes to the lower half of each block and the difference to the upper, multiplied by one and by the zeta.
            Vector256<short> v = Unsafe.Add(ref first, place);
            v = Avx2.Add(Avx2.Shuffle(v.AsInt32(), 0b10_11_00_01).AsInt16(), Avx2.Sign(v, pairs));
            v = Modular.Multiply(v, zeta, Unsafe.Add(ref zeta, 1));
            v = Avx2.Add(Avx2.Shuffle(v.AsInt32(), 0b01_00_11_10).AsInt16(), Avx2.Sign(v, fours));
            v = Modular.Multiply(v, Unsafe.Add(ref zeta, 2), Unsafe.Add(ref zeta, 3));
            v = Avx2.Add(Avx2.Permute4x64(v.AsInt64(), 0b01_00_11_10).AsInt16(), Avx2.Sign(v, eights));
            Unsafe.Add(ref first, place) = Modular.Multiply(v, Unsafe.Add(ref zeta, 4), Unsafe.Add(ref zeta, 5));
            zeta = ref Unsafe.Add(ref zeta, 6);
        }

        // Sums double with each layer. Reducing after the second layer keeps the last one below 4 q.
        for (int length = 1; length < Polynomial.Vectors / 2; length *= 2)
        {
            for (int start = 0; start < Polynomial.Vectors; start += 2 * length)
            {
                for (int place = start; place < start + length; place++)
                {
                    ref Vector256<short> low = ref Unsafe.Add(ref first, place);
                    ref Vector256<short> high = ref Unsafe.Add(ref first, place + length);
                    Vector256<short> difference = Avx2.Subtract(high, low);
                    Vector256<short> sum = Avx2.Add(low, high);
                    low = length == 2 ? Modular.Reduce(sum) : sum;
                    high = Modular.Multiply(difference, zeta, Unsafe.Add(ref zeta, 1));
                }

                zeta = ref Unsafe.Add(ref zeta, 2);
            }
        }

        for (int place = 0; place < Polynomial.Vectors / 2; place++)
        {
            ref Vector256<short> low = ref Unsafe.Add(ref first, place);
            ref Vector256<short> high = ref Unsafe.Add(ref first, place + (Polynomial.Vectors / 2));
            Vector256<short> difference = Avx2.Subtract(high, low);
            low = Modular.Multiply(Avx2.Add(low, high), zeta, Unsafe.Add(ref zeta, 1));
            high = Modular.Multiply(difference, Unsafe.Add(ref zeta, 2), Unsafe.Add(ref zeta, 3));
        }
    }

    /// <summary>
    /// The sum of three products in the NTT domain (algorithm 11), divided by 2^16; between -q and q. The inputs must lie between
    /// -q and q.
    /// </summary>
    public static void Multiply(
        ref readonly Polynomial first,
        ref readonly Polynomial second,
        ref readonly Polynomial third,
        ref readonly Multiplier multiplier,
        ref Polynomial product)
    {
        for (int place = 0; place < Polynomial.Vectors; place++)
        {
            Vector256<int> even = Avx2.MultiplyAddAdjacent(first[place], multiplier.Straight[0][place]);
            Vector256<int> odd = Avx2.MultiplyAddAdjacent(first[place], multiplier.Crossed[0][place]);
            even = Avx2.Add(even, Avx2.MultiplyAddAdjacent(second[place], multiplier.Straight[1][place]));
            odd = Avx2.Add(odd, Avx2.MultiplyAddAdjacent(second[place], multiplier.Crossed[1][place]));
            even = Avx2.Add(even, Avx2.MultiplyAddAdjacent(third[place], multiplier.Straight[2][place]));
            odd = Avx2.Add(odd, Avx2.MultiplyAddAdjacent(third[place], multiplier.Crossed[2][place]));
            product[place] = Modular.Reduce(even, odd);
        }
    }
}

/// <summary>
/// A column of polynomials in NTT form, prepared for multiplication pair by pair: (a0 + a1 X)(b0 + b1 X) modulo X^2 - zeta is
/// a0 b0 + a1 (zeta b1) and a0 b1 + a1 b0.
/// </summary>
internal struct Multiplier
{
    /// <summary>b0 and zeta b1.</summary>
    public PolynomialVector Straight;

    /// <summary>b1 and b0.</summary>
    public PolynomialVector Crossed;

    /// <summary>Prepares the column.</summary>
    public void Prepare(ref readonly PolynomialVector column)
    {
        for (int row = 0; row < PolynomialVector.Rank; row++)
        {
            ref Vector256<short> zeta = ref Zetas.Products;
            for (int place = 0; place < Polynomial.Vectors; place++)
            {
                Vector256<short> pairs = column[row][place];
                Straight[row][place] = Modular.Multiply(pairs, zeta, Unsafe.Add(ref zeta, 1));
                Crossed[row][place] = Avx2.Or(Avx2.ShiftLeftLogical(pairs.AsInt32(), 16), Avx2.ShiftRightLogical(pairs.AsInt32(), 16)).AsInt16();
                zeta = ref Unsafe.Add(ref zeta, 2);
            }
        }
    }
}
