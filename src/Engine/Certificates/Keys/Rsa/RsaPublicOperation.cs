using System.Numerics;

namespace SslModule.Engine.Certificates;

/// <summary>
/// The public operation of RSA (RFC 8017 section 5.2.2) by Montgomery multiplication in 64-bit limbs. It is for keys that verify
/// a signature or two, as a peer's do: .NET takes five times as long to import such a key as to use it. What goes in is public,
/// so the time it takes is nobody's secret.
/// </summary>
internal sealed class RsaPublicOperation
{
    private const int LimbBits = 64;

    private readonly ulong[] _modulus;
    private readonly ulong[] _square;
    private readonly ulong _inverse;
    private readonly BigInteger _exponent;
    private readonly int _size;

    /// <summary>For an odd modulus and an odd exponent of at least 3.</summary>
    public RsaPublicOperation(BigInteger modulus, BigInteger exponent, int size)
    {
        int limbs = ((size * 8) + LimbBits - 1) / LimbBits;
        _size = size;
        _exponent = exponent;
        _modulus = Limbs(modulus, limbs);
        _square = Limbs((BigInteger.One << (2 * LimbBits * limbs)) % modulus, limbs);

        // Newton's iteration doubles the number of right bits each time: 3, 6, 12, 24, 48, 96.
        ulong inverse = _modulus[0];
        for (int bits = 3; bits < LimbBits; bits *= 2)
        {
            inverse *= 2 - (_modulus[0] * inverse);
        }

        _inverse = 0 - inverse;
    }

    /// <summary>The signature to the power of the exponent, as long as the modulus; empty when it is not below the modulus.</summary>
    public byte[] Apply(ReadOnlySpan<byte> signature)
    {
        int limbs = _modulus.Length;
        var numbers = new ulong[4 * limbs];
        Span<ulong> given = numbers.AsSpan(0, limbs), first = numbers.AsSpan(limbs, limbs), power = numbers.AsSpan(2 * limbs, limbs), room = numbers.AsSpan(3 * limbs, limbs);
        Read(signature, given);
        if (!IsLess(given, _modulus))
        {
            return [];
        }

        // All of the exponent's bits but the lowest with the base in Montgomery's form; the lowest with the base as it is,
        // which takes the result out of that form.
        Multiply(given, _square, first, room);
        first.CopyTo(power);
        for (long bit = _exponent.GetBitLength() - 2; bit > 0; bit--)
        {
            Multiply(power, power, power, room);
            if (!((_exponent >> (int)bit) & 1).IsZero)
            {
                Multiply(power, first, power, room);
            }
        }

        Multiply(power, power, power, room);
        Multiply(power, given, power, room);
        return Write(power);
    }

    // room = one * other / 2^(64 * limbs) modulo the modulus, then copied to result, which may be one of the factors.
    private void Multiply(ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other, Span<ulong> result, Span<ulong> room)
    {
        ReadOnlySpan<ulong> modulus = _modulus;
        room.Clear();
        ulong top = 0;
        foreach (ulong factor in one)
        {
            ulong high = AddProduct(room, other, factor);
            ulong above = top + high;
            ulong over = above < high ? 1UL : 0;

            // The multiple of the modulus that clears the lowest limb, which then falls off.
            high = AddProduct(room, modulus, room[0] * _inverse);
            room[1..].CopyTo(room);
            room[^1] = above + high;
            top = over + (room[^1] < high ? 1UL : 0);
        }

        if (top != 0 || !IsLess(room, modulus))
        {
            Subtract(room, modulus);
        }

        room.CopyTo(result);
    }

    // sum += number * factor; what does not fit is answered.
    private static ulong AddProduct(Span<ulong> sum, ReadOnlySpan<ulong> number, ulong factor)
    {
        ulong carry = 0;
        number = number[..sum.Length];
        for (int index = 0; index < sum.Length; index++)
        {
            ulong high = Math.BigMul(number[index], factor, out ulong low);
            low += carry;
            high += low < carry ? 1UL : 0;
            ulong total = sum[index] + low;
            carry = high + (total < low ? 1UL : 0);
            sum[index] = total;
        }

        return carry;
    }

    private static void Subtract(Span<ulong> number, ReadOnlySpan<ulong> other)
    {
        ulong borrow = 0;
        for (int index = 0; index < number.Length; index++)
        {
            ulong before = number[index];
            ulong after = before - other[index] - borrow;
            borrow = before < other[index] || (before == other[index] && borrow != 0) ? 1UL : 0;
            number[index] = after;
        }
    }

    private static bool IsLess(ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other)
    {
        for (int index = one.Length - 1; index >= 0; index--)
        {
            if (one[index] != other[index])
            {
                return one[index] < other[index];
            }
        }

        return false;
    }

    private static ulong[] Limbs(BigInteger number, int limbs)
    {
        var result = new ulong[limbs];
        Read(RsaPadding.Fixed(number, limbs * sizeof(ulong)), result);
        return result;
    }

    // Big-endian bytes into limbs, the lowest first.
    private static void Read(ReadOnlySpan<byte> bytes, Span<ulong> limbs)
    {
        limbs.Clear();
        for (int index = 0; index < bytes.Length; index++)
        {
            limbs[index / sizeof(ulong)] |= (ulong)bytes[^(index + 1)] << (8 * (index % sizeof(ulong)));
        }
    }

    private byte[] Write(ReadOnlySpan<ulong> limbs)
    {
        var bytes = new byte[_size];
        for (int index = 0; index < bytes.Length; index++)
        {
            bytes[^(index + 1)] = (byte)(limbs[index / sizeof(ulong)] >> (8 * (index % sizeof(ulong))));
        }

        return bytes;
    }
}
