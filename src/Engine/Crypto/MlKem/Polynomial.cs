using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>
/// 256 coefficients, or what the transform makes of them (FIPS 203 section 2.4), sixteen to a vector and in their order. They are
/// signed and stand for what they are modulo q; how large they may be is said where it matters.
/// </summary>
[InlineArray(Vectors)]
internal struct Polynomial
{
    /// <summary>How many coefficients a polynomial has.</summary>
    public const int Length = 256;

    /// <summary>How many vectors they fill.</summary>
    public const int Vectors = 16;

    private Vector256<short> _first;

    /// <summary>Adds another's coefficients.</summary>
    public void Add(ref readonly Polynomial other)
    {
        for (int place = 0; place < Vectors; place++)
        {
            this[place] = Avx2.Add(this[place], other[place]);
        }
    }

    /// <summary>Becomes what it lacks of another.</summary>
    public void SubtractFrom(ref readonly Polynomial other)
    {
        for (int place = 0; place < Vectors; place++)
        {
            this[place] = Avx2.Subtract(other[place], this[place]);
        }
    }

    /// <summary>Brings every coefficient into [0, q): the one form that is written and compressed.</summary>
    public void Normalize()
    {
        for (int place = 0; place < Vectors; place++)
        {
            this[place] = Modular.Normalize(this[place]);
        }
    }
}

/// <summary>A column of polynomials, as many as the module's rank.</summary>
[InlineArray(Rank)]
internal struct PolynomialVector
{
    /// <summary>k of ML-KEM-768.</summary>
    public const int Rank = 3;

    private Polynomial _first;
}

/// <summary>The square of polynomials that a public seed stands for, row by row.</summary>
[InlineArray(Size)]
internal struct PolynomialMatrix
{
    /// <summary>How many there are.</summary>
    public const int Size = PolynomialVector.Rank * PolynomialVector.Rank;

    private Polynomial _first;
}
