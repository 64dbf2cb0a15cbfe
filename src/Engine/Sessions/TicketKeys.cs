using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SslModule.Engine.Sessions;

/// <summary>
/// The keys that encrypt session tickets and shared cache entries with AES-256-GCM. By default each context has its own random
/// keys; servers behind one name share keys by <see cref="FromSecret"/> or <see cref="Fixed"/>.
/// </summary>
/// <remarks>Its members may be called from several threads. The current time is passed in from the context's clock.</remarks>
public sealed class TicketKeys
{
    /// <summary>How long a key encrypts new tickets by default.</summary>
    public static readonly TimeSpan DefaultRotation = TimeSpan.FromHours(12);

    /// <summary>How long a key still decrypts tickets after it stopped encrypting, by default: the lifetime of a session.</summary>
    public static readonly TimeSpan DefaultAcceptance = TimeSpan.FromHours(2);

    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int MaximumPeriods = 100;
    private const int Overhead = TicketKey.NameLength + NonceLength + TagLength;

    /// <summary>The tolerated clock difference between servers: another server may have switched to the next key already.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly Dictionary<long, TicketKey> _keys = [];
    private readonly byte[]? _secret;
    private readonly TimeSpan _rotation;
    private readonly TimeSpan _acceptance;

    /// <summary>Creates random keys and replaces them after each <paramref name="rotation"/>.</summary>
    /// <param name="rotation">How long a key encrypts new tickets; at least one minute.</param>
    /// <param name="acceptance">How long a key still decrypts tickets after that; at most seven days and 100 rotations.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time span is out of range.</exception>
    public TicketKeys(TimeSpan? rotation = null, TimeSpan? acceptance = null)
    {
        _rotation = rotation ?? DefaultRotation;
        _acceptance = acceptance ?? DefaultAcceptance;
        ArgumentOutOfRangeException.ThrowIfLessThan(_rotation, TimeSpan.FromMinutes(1), nameof(rotation));
        ArgumentOutOfRangeException.ThrowIfNegative(_acceptance.Ticks, nameof(acceptance));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_acceptance, TimeSpan.FromDays(7), nameof(acceptance));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_acceptance, _rotation * MaximumPeriods, nameof(acceptance));
    }

    private TicketKeys(byte[] secret, TimeSpan? rotation, TimeSpan? acceptance)
        : this(rotation, acceptance) => _secret = secret;

    private TicketKeys(TicketKey[] keys)
    {
        _rotation = TimeSpan.Zero;
        for (int i = 0; i < keys.Length; i++)
        {
            _keys.Add(i, keys[i]);
        }
    }

    /// <summary>Derives keys from a secret and the time, so that all servers with the secret switch keys at the same time.</summary>
    /// <param name="secret">At least 32 unpredictable bytes.</param>
    /// <param name="rotation">How long a key encrypts new tickets; at least one minute, equal on all servers.</param>
    /// <param name="acceptance">How long a key still decrypts tickets after that; at most seven days and 100 rotations.</param>
    /// <exception cref="ArgumentException">The secret is too short, or a time span is out of range.</exception>
    public static TicketKeys FromSecret(ReadOnlySpan<byte> secret, TimeSpan? rotation = null, TimeSpan? acceptance = null)
        => secret.Length >= TicketKey.SecretLength
            ? new TicketKeys(secret.ToArray(), rotation, acceptance)
            : throw new ArgumentException($"The secret must have at least {TicketKey.SecretLength} bytes.", nameof(secret));

    /// <summary>Uses keys that the application rotates itself: the first encrypts, all decrypt.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public static TicketKeys Fixed(params TicketKey[] keys)
        => keys.Length > 0 ? new TicketKeys(keys) : throw new ArgumentException("There must be a key.", nameof(keys));

    /// <summary>Encrypts data: the result is the key's name, a random nonce and the ciphertext with its tag.</summary>
    internal byte[] Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> purpose, DateTimeOffset now)
    {
        byte[] output = new byte[plaintext.Length + Overhead];
        TicketKey key = Current(now);
        key.Name.Span.CopyTo(output);
        Span<byte> nonce = output.AsSpan(TicketKey.NameLength, NonceLength);

        // Random nonces are safe for 2^32 tickets per key (NIST SP 800-38D section 8.3): 100,000 per second for twelve hours.
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Secret, TagLength);
        aes.Encrypt(nonce, plaintext, output.AsSpan(TicketKey.NameLength + NonceLength, plaintext.Length), output.AsSpan(output.Length - TagLength), purpose);
        return output;
    }

    /// <summary>
    /// Decrypts what <see cref="Seal"/> encrypted for the same purpose; null when no accepted key matches or authentication
    /// fails.
    /// </summary>
    internal byte[]? Open(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> purpose, DateTimeOffset now) => Open(bytes, purpose, now, out _);

    /// <summary>Also reports whether the key no longer encrypts, so that the caller should issue a new ticket.</summary>
    internal byte[]? Open(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> purpose, DateTimeOffset now, out bool isOld)
    {
        isOld = false;
        if (bytes.Length < Overhead || Find(bytes[..TicketKey.NameLength], now, out isOld) is not { } key)
        {
            return null;
        }

        byte[] plaintext = new byte[bytes.Length - Overhead];
        using var aes = new AesGcm(key.Secret, TagLength);
        try
        {
            aes.Decrypt(
                bytes.Slice(TicketKey.NameLength, NonceLength),
                bytes[(TicketKey.NameLength + NonceLength)..^TagLength],
                bytes[^TagLength..],
                plaintext,
                purpose);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private TicketKey Current(DateTimeOffset now)
    {
        lock (_keys)
        {
            if (_rotation == TimeSpan.Zero)
            {
                return _keys[0];
            }

            RemoveExpired(now);
            return KeyForPeriod(PeriodAt(now));
        }
    }

    private TicketKey? Find(ReadOnlySpan<byte> name, DateTimeOffset now, out bool isOld)
    {
        isOld = false;
        lock (_keys)
        {
            if (_rotation != TimeSpan.Zero)
            {
                RemoveExpired(now);
            }

            if (_secret is not null)
            {
                for (long period = PeriodAt(now, -_acceptance); period <= PeriodAt(now, ClockSkew); period++)
                {
                    KeyForPeriod(period);
                }
            }

            long newest = _rotation == TimeSpan.Zero ? long.MaxValue : PeriodAt(now, ClockSkew);
            foreach ((long period, TicketKey key) in _keys)
            {
                if (period <= newest && name.SequenceEqual(key.Name.Span))
                {
                    isOld = _rotation == TimeSpan.Zero ? period > 0 : period < PeriodAt(now);
                    return key;
                }
            }

            return null;
        }
    }

    // In ticks, because a clock that is far off may be at the ends of DateTimeOffset's range.
    private long PeriodAt(DateTimeOffset now, TimeSpan later = default) => (now.UtcTicks + later.Ticks) / _rotation.Ticks;

    private TicketKey KeyForPeriod(long period)
    {
        if (_keys.TryGetValue(period, out TicketKey? known))
        {
            return known;
        }

        TicketKey made = _secret is null
            ? new TicketKey(RandomNumberGenerator.GetBytes(TicketKey.NameLength), RandomNumberGenerator.GetBytes(TicketKey.SecretLength))
            : Derive(_secret, period);
        _keys.Add(period, made);
        return made;
    }

    private static TicketKey Derive(byte[] secret, long period)
    {
        Span<byte> info = stackalloc byte[24];
        "SslModule ticket"u8.CopyTo(info);
        BinaryPrimitives.WriteInt64BigEndian(info[16..], period);
        Span<byte> output = stackalloc byte[TicketKey.NameLength + TicketKey.SecretLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, output, salt: default, info);
        var key = new TicketKey(output[..TicketKey.NameLength], output[TicketKey.NameLength..]);
        CryptographicOperations.ZeroMemory(output);
        return key;
    }

    private void RemoveExpired(DateTimeOffset now)
    {
        long oldest = PeriodAt(now, -_acceptance);
        foreach (long period in _keys.Keys)
        {
            if (period < oldest)
            {
                _keys.Remove(period);
            }
        }
    }
}
