using System.Numerics;

namespace SslModule.Engine.Certificates;

/// <summary>
/// The public RSA operation (RFC 8017 section 5.2.2) by Montgomery multiplication with 64-bit limbs. It is used for keys that verify
/// only a few signatures, as peers' keys do: importing a key into .NET takes five times as long as using it. All inputs are
/// public, so it need not run in constant time.
/// </summary>
internal sealed class RsaPublicOperation
{
    private const int LimbBits = 64;

    private readonly ulong[] _modulus;
    private readonly ulong[] _square;
    private readonly ulong _inverse;
    private readonly BigInteger _exponent;
    private readonly int _size;

    /// <summary>Prepares an odd modulus and an odd exponent of at least 3.</summary>
    public RsaPublicOperation(BigInteger modulus, BigInteger exponent, int size)
    {
        int limbs = ((size * 8) + LimbBits - 1) / LimbBits;
        _size = size;
        _exponent = exponent;
        _modulus = Limbs(modulus, limbs);
        _square = Limbs((BigInteger.One << (2 * LimbBits * limbs)) % modulus, limbs);

        // Newton's iteration doubles the number of correct bits each time: 3, 6, 12, 24, 48, 96.
        ulong inverse = _modulus[0];
        for (int bits = 3; bits < LimbBits; bits *= 2)
        {
            inverse *= 2 - (_modulus[0] * inverse);
        }

        _inverse = 0 - inverse;
    }

    /// <summary>
    /// Raises a signature to the exponent; the result has the length of the modulus, or is empty when the signature is not
    /// below it.
    /// </summary>
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

        // Square and multiply in Montgomery form for all exponent bits but the lowest. The last multiplication uses the plain base,
        // which converts the result out of Montgomery form.
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

    // room = one * other / 2^(64 * limbs) modulo the modulus; copied to result, which may be one of the factors.
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

            // Add the multiple of the modulus that clears the lowest limb, then drop that limb.
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

    // sum += number * factor; returns the carry.
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

    // Converts big-endian bytes to limbs, lowest first.
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
