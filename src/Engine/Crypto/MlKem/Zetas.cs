using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>
/// The powers of the root of unity zeta (FIPS 203 appendix A) as vectors, in the order in which <see cref="Transform"/> uses
/// them: a factor, then its Montgomery companion.
/// </summary>
internal static class Zetas
{
    private const int Root = 17;
    private const int RootBits = 7;

    // Layers across vectors have lengths 128 to 16, layers within a vector lengths 8, 4 and 2.
    private const int OuterBlocks = 15;
    private const int InnerLayers = 3;
    private const int LanesOfVector = 16;
    private const int InnerLength = Polynomial.Vectors * InnerLayers;

    // 2^16 / 128 modulo q: the inverse divides by 128, and the Montgomery product needs the factor 2^16.
    private const int Scale = (1 << 16) / (1 << RootBits);

    private static readonly short[] s_powers = MakePowers();
    private static readonly short[] s_forward = MakeForward();
    private static readonly short[] s_backward = MakeBackward();
    private static readonly short[] s_products = MakeProducts();

    /// <summary>The factors of the forward transform.</summary>
    public static ref Vector256<short> Forward => ref Vectors(s_forward);

    /// <summary>The factors of the inverse transform.</summary>
    public static ref Vector256<short> Backward => ref Vectors(s_backward);

    /// <summary>Alternates one and the zeta of each pair's modulus.</summary>
    public static ref Vector256<short> Products => ref Vectors(s_products);

    private static ref Vector256<short> Vectors(short[] table) => ref Unsafe.As<short, Vector256<short>>(ref table[0]);

    private static short[] MakeForward()
    {
        short[] table = MakeTable(OuterBlocks + InnerLength);
        int place = 0;
        for (int block = 1; block <= OuterBlocks; block++)
        {
            SetAllLanes(table, place++, s_powers[block]);
        }

        for (int vector = 0; vector < Polynomial.Vectors; vector++)
        {
            for (int length = 8; length >= 2; length /= 2, place++)
            {
                // The upper half of a block is subtracted.
                int first = (Polynomial.Length / (2 * length)) + (vector * LanesOfVector / (2 * length));
                for (int lane = 0; lane < LanesOfVector; lane++)
                {
                    int zeta = s_powers[first + (lane / (2 * length))];
                    SetLane(table, place, lane, IsUpper(lane, length) ? -zeta : zeta);
                }
            }
        }

        return table;
    }

    private static short[] MakeBackward()
    {
        short[] table = MakeTable(InnerLength + OuterBlocks + 1);
        int place = 0;
        for (int vector = 0; vector < Polynomial.Vectors; vector++)
        {
            for (int length = 2; length <= 8; length *= 2, place++)
            {
                // The zetas in descending order; they multiply the lower half minus the upper half.
                int first = (Polynomial.Length / length) - 1 - (vector * LanesOfVector / (2 * length));
                for (int lane = 0; lane < LanesOfVector; lane++)
                {
                    SetLane(table, place, lane, IsUpper(lane, length) ? -s_powers[first - (lane / (2 * length))] : 1);
                }
            }
        }

        for (int block = OuterBlocks; block > 1; block--)
        {
            SetAllLanes(table, place++, s_powers[block]);
        }

        SetAllLanes(table, place++, Scale);
        SetAllLanes(table, place, Scale * s_powers[1]);
        return table;
    }

    private static short[] MakeProducts()
    {
        short[] table = MakeTable(Polynomial.Vectors);
        for (int vector = 0; vector < Polynomial.Vectors; vector++)
        {
            for (int lane = 0; lane < LanesOfVector; lane++)
            {
                int zeta = s_powers[(Polynomial.Length / 4) + (vector * LanesOfVector / 4) + (lane / 4)];
                SetLane(table, vector, lane, (lane & 1) == 0 ? 1 : IsUpper(lane, 2) ? -zeta : zeta);
            }
        }

        return table;
    }

    private static bool IsUpper(int lane, int length) => lane % (2 * length) >= length;

    private static short[] MakeTable(int factors) => new short[2 * LanesOfVector * factors];

    private static void SetAllLanes(short[] table, int place, int number)
    {
        for (int lane = 0; lane < LanesOfVector; lane++)
        {
            SetLane(table, place, lane, number);
        }
    }

    private static void SetLane(short[] table, int place, int lane, int number)
    {
        short factor = Modular.Factor(number);
        table[(2 * LanesOfVector * place) + lane] = factor;
        table[(2 * LanesOfVector * place) + LanesOfVector + lane] = Modular.Companion(factor);
    }

    /// <summary>The powers in bit-reversed order of their exponents.</summary>
    private static short[] MakePowers()
    {
        short[] powers = new short[1 << RootBits];
        int power = 1;
        for (int exponent = 0; exponent < powers.Length; exponent++)
        {
            int place = 0;
            for (int bit = 0; bit < RootBits; bit++)
            {
                place |= ((exponent >> bit) & 1) << (RootBits - 1 - bit);
            }

            powers[place] = (short)power;
            power = power * Root % Modular.Q;
        }

        return powers;
    }
}
