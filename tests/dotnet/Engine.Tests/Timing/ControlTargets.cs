using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace SslModule.Engine.Tests.Timing;

/// <summary>The controls of the instrument: a comparison that stops at the first difference, and one class against itself.</summary>
internal static class ControlTargets
{
    /// <summary>The name of the one that must be seen to differ.</summary>
    public const string Leaking = "control-leaking";

    private const int Length = 32;

    public static IEnumerable<KeyValuePair<string, Func<string, TimingTarget>>> All { get; } =
    [
        new(Leaking, name => Comparison(name, "first byte wrong / last byte wrong", EqualsUntilDifferent, last: Length - 1)),
        new("control-equal", name => Comparison(name, "first byte wrong / first byte wrong", CryptographicOperations.FixedTimeEquals, last: 0)),
    ];

    private delegate bool Comparer(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right);

    private static TimingTarget Comparison(string name, string classes, Comparer compare, int last)
    {
        byte[] expected = RandomNumberGenerator.GetBytes(Length);
        byte[] given = new byte[Length];
        return new TimingTarget(
            name,
            classes,
            Length,
            (second, input) =>
            {
                expected.CopyTo(input, 0);
                input[second ? last : 0] ^= 1;
            },
            input => input.CopyTo(given, 0),
            () => compare(expected, given));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static bool EqualsUntilDifferent(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (int index = 0; index < left.Length; index++)
        {
            if (left[index] != right[index])
            {
                return false;
            }
        }

        return true;
    }
}
