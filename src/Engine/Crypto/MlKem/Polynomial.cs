using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>
/// 256 coefficients, or their NTT form (FIPS 203 section 2.4), sixteen per vector and in order. They are signed and represent
/// values modulo q; each operation documents its bounds.
/// </summary>
[InlineArray(Vectors)]
internal struct Polynomial
{
    /// <summary>The number of coefficients.</summary>
    public const int Length = 256;

    /// <summary>The number of vectors.</summary>
    public const int Vectors = 16;

    private Vector256<short> _first;

    /// <summary>Adds another polynomial.</summary>
    public void Add(ref readonly Polynomial other)
    {
        for (int place = 0; place < Vectors; place++)
        {
            this[place] = Avx2.Add(this[place], other[place]);
        }
    }

    /// <summary>Replaces this polynomial with another one minus this one.</summary>
    public void SubtractFrom(ref readonly Polynomial other)
    {
        for (int place = 0; place < Vectors; place++)
        {
            this[place] = Avx2.Subtract(other[place], this[place]);
        }
    }

    /// <summary>Reduces every coefficient to [0, q), as encoding and compression require.</summary>
    public void Normalize()
    {
        for (int place = 0; place < Vectors; place++)
        {
            this[place] = Modular.Normalize(this[place]);
        }
    }
}

/// <summary>A vector of k polynomials.</summary>
[InlineArray(Rank)]
internal struct PolynomialVector
{
    /// <summary>The module rank k of ML-KEM-768.</summary>
    public const int Rank = 3;

    private Polynomial _first;
}

/// <summary>The k by k matrix of polynomials expanded from a public seed, row by row.</summary>
[InlineArray(Size)]
internal struct PolynomialMatrix
{
    /// <summary>The number of polynomials.</summary>
    public const int Size = PolynomialVector.Rank * PolynomialVector.Rank;

    private Polynomial _first;
}
