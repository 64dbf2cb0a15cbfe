namespace SslModule.Engine.Certificates;

/// <summary>
/// Measures public-key operations in multiplications of two 64-bit numbers. A peer chooses its keys and the number of
/// certificates, so parsing a key must not compute anything: each operation is counted where it happens, and
/// <see cref="SignatureBudget"/> limits the total.
/// </summary>
internal static class KeyOperationCost
{
    private const int LimbBits = 64;

    // A doubling or addition takes about 16 field multiplications, every second bit needs an addition, and verification takes two
    // scalar multiplications at once.
    private const int FieldOperationsPerBit = 32;

    [ThreadStatic]
    private static long _total;

    /// <summary>The work of this thread so far; tests compare it before and after an operation.</summary>
    public static long Total => _total;

    /// <summary>Counts an operation before it runs.</summary>
    public static void Count(long cost) => _total += cost;

    /// <summary>A modular exponentiation with modulus and exponent of the given sizes in bits.</summary>
    public static long Power(long modulusBits, long exponentBits) => 3 * exponentBits / 2 * Product(modulusBits);

    /// <summary>A signature verification on a curve over a field of the given size in bits.</summary>
    public static long Curve(int fieldBits) => (long)fieldBits * FieldOperationsPerBit * Product(fieldBits);

    // Multiplication and reduction take the same time.
    private static long Product(long bits) => 2 * ((bits + LimbBits - 1) / LimbBits) * ((bits + LimbBits - 1) / LimbBits);
}
