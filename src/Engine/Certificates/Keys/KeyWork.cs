namespace SslModule.Engine.Certificates;

/// <summary>
/// The work of public-key operations, in multiplications of two 64-bit numbers. A peer chooses its keys and sends as many as a
/// message holds, so nothing here may be done while a key is only read: each operation is counted where it is done, and
/// <see cref="SignatureBudget"/> pays for it before.
/// </summary>
internal static class KeyWork
{
    private const int LimbBits = 64;

    // A point is doubled or added in some 16 multiplications of the field, one in two bits has an addition besides, and a
    // signature takes two such multiplications of points at once.
    private const int FieldOperationsPerBit = 32;

    [ThreadStatic]
    private static long _done;

    /// <summary>What this thread has done so far; tests compare it before and after.</summary>
    public static long Done => _done;

    /// <summary>Counts what is about to be done.</summary>
    public static void Count(long cost) => _done += cost;

    /// <summary>A power modulo a number of so many bits, with an exponent of so many.</summary>
    public static long Power(long modulusBits, long exponentBits) => 3 * exponentBits / 2 * Product(modulusBits);

    /// <summary>A signature on a curve over a field of so many bits.</summary>
    public static long Curve(int fieldBits) => (long)fieldBits * FieldOperationsPerBit * Product(fieldBits);

    // Multiplication and reduction take as long as each other.
    private static long Product(long bits) => 2 * ((bits + LimbBits - 1) / LimbBits) * ((bits + LimbBits - 1) / LimbBits);
}
