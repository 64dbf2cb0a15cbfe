using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace SslModule.Engine.Crypto.MlKem;

/// <summary>
/// The decapsulating end of ML-KEM-768: generates a key pair and decapsulates once. The key is kept in its computational form
/// in a rented array; a TLS handshake does not reuse it.
/// </summary>
internal sealed class DecapsulationKey
{
    /// <summary>The combined length in bytes of the seeds d and z.</summary>
    public const int SeedLength = 2 * Encryption.SeedLength;

    private static readonly int s_stateLength = Unsafe.SizeOf<KeyState>();

    private byte[]? _memory;

    private DecapsulationKey() => _memory = ArrayPool<byte>.Shared.Rent(s_stateLength + (2 * Encryption.SeedLength));

    /// <summary>The key pair.</summary>
    internal ref KeyState State => ref MemoryMarshal.AsRef<KeyState>(Memory.AsSpan());

    /// <summary>H of the encapsulation key.</summary>
    internal Span<byte> KeyHash => Memory.AsSpan(s_stateLength, Encryption.SeedLength);

    /// <summary>The seed z, from which the secret is derived when a ciphertext is invalid (implicit rejection).</summary>
    internal Span<byte> Rejection => Memory.AsSpan(s_stateLength + Encryption.SeedLength, Encryption.SeedLength);

    private byte[] Memory => _memory ?? throw new ObjectDisposedException(nameof(DecapsulationKey));

    /// <summary>Generates a key pair (algorithms 16 and 19).</summary>
    /// <param name="seed">The seeds d and z, freshly generated and secret.</param>
    /// <param name="encapsulationKey">Receives the encapsulation key.</param>
    [SkipLocalsInit]
    public static DecapsulationKey Generate(ReadOnlySpan<byte> seed, Span<byte> encapsulationKey)
    {
        var key = new DecapsulationKey();
        Span<byte> digest = stackalloc byte[2 * Encryption.SeedLength];
        Sponge.G(seed[..Encryption.SeedLength], [PolynomialVector.Rank], digest);
        ref KeyState state = ref key.State;
        Encryption.GenerateKeys(digest[..Encryption.SeedLength], digest[Encryption.SeedLength..], ref state);
        for (int row = 0; row < PolynomialVector.Rank; row++)
        {
            Encoding.Write12(ref state.Public[row], encapsulationKey[(row * Encoding.Length12)..]);
        }

        digest[..Encryption.SeedLength].CopyTo(encapsulationKey[^Encryption.SeedLength..]);
        Sponge.H(encapsulationKey, key.KeyHash);
        seed[Encryption.SeedLength..SeedLength].CopyTo(key.Rejection);
        CryptographicOperations.ZeroMemory(digest);
        return key;
    }

    /// <summary>
    /// Computes the secret of a ciphertext (algorithms 18 and 21) or, when the ciphertext is invalid, a pseudorandom secret that only
    /// this end knows, in the same time. The key is cleared afterwards.
    /// </summary>
    /// <returns>False when the ciphertext has the wrong length (section 7.3); nothing was written then.</returns>
    [SkipLocalsInit]
    public bool TryDecapsulate(ReadOnlySpan<byte> ciphertext, Span<byte> secret)
    {
        if (ciphertext.Length != MlKem768.CiphertextLength)
        {
            return false;
        }

        Span<byte> input = stackalloc byte[2 * Encryption.SeedLength];
        Span<byte> digest = stackalloc byte[2 * Encryption.SeedLength];
        Span<byte> again = stackalloc byte[MlKem768.CiphertextLength];
        ref KeyState state = ref State;
        Encryption.Decrypt(in state.Secret, ciphertext, input);
        KeyHash.CopyTo(input[Encryption.SeedLength..]);
        Sponge.G(input, [], digest);
        Sponge.J(Rejection, ciphertext, secret[..MlKem768.SecretLength]);
        Encryption.Encrypt(in state.Matrix, in state.Public, input[..Encryption.SeedLength], digest[MlKem768.SecretLength..], again);
        Select(ciphertext, again, digest, secret);
        CryptographicOperations.ZeroMemory(input);
        CryptographicOperations.ZeroMemory(digest);
        CryptographicOperations.ZeroMemory(again);
        Clear();
        return true;
    }

    /// <summary>Clears the key.</summary>
    public void Clear()
    {
        if (_memory is { } memory)
        {
            _memory = null;
            CryptographicOperations.ZeroMemory(memory.AsSpan(0, s_stateLength + (2 * Encryption.SeedLength)));
            ArrayPool<byte>.Shared.Return(memory);
        }
    }

    /// <summary>Selects the accepted secret when both ciphertexts are equal, else keeps the rejected one, in constant time.</summary>
    private static void Select(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, ReadOnlySpan<byte> accepted, Span<byte> secret)
    {
        Vector256<byte> different = Vector256<byte>.Zero;
        for (int at = 0; at < MlKem768.CiphertextLength; at += Vector256<byte>.Count)
        {
            different = Avx2.Or(different, Avx2.Xor(Load(one[at..]), Load(other[at..])));
        }

        // OR all lanes together; any set bit then becomes an all-ones mask.
        Vector256<ulong> any = different.AsUInt64();
        any = Avx2.Or(any, Avx2.Permute4x64(any, 0b01_00_11_10));
        any = Avx2.Or(any, Avx2.Shuffle(any.AsUInt32(), 0b01_00_11_10).AsUInt64());
        any = Avx2.Or(any, Avx2.Shuffle(any.AsUInt32(), 0b10_11_00_01).AsUInt64());
        Vector256<byte> equal = Avx2.CompareEqual(any, Vector256<ulong>.Zero).AsByte();
        Avx2.BlendVariable(Load(secret), Load(accepted), equal).CopyTo(secret);
    }

    private static Vector256<byte> Load(ReadOnlySpan<byte> bytes) => Vector256.Create(bytes[..Vector256<byte>.Count]);
}
