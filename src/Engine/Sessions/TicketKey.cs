namespace SslModule.Engine.Sessions;

/// <summary>A key that encrypts session tickets, with the public name by which a ticket identifies its key (RFC 5077 section 4).</summary>
public sealed class TicketKey
{
    /// <summary>The length of a key name in bytes.</summary>
    public const int NameLength = 16;

    /// <summary>The length of a key in bytes, for AES-256.</summary>
    public const int SecretLength = 32;

    private readonly byte[] _name;
    private readonly byte[] _secret;

    /// <summary>Creates a ticket key from given values, for sharing among servers.</summary>
    /// <param name="name">16 bytes, sent in the clear.</param>
    /// <param name="secret">32 bytes, as unpredictable as a private key.</param>
    /// <exception cref="ArgumentException">A value has the wrong length.</exception>
    public TicketKey(ReadOnlySpan<byte> name, ReadOnlySpan<byte> secret)
    {
        if (name.Length != NameLength || secret.Length != SecretLength)
        {
            throw new ArgumentException($"A ticket key has a name of {NameLength} bytes and a secret of {SecretLength}.");
        }

        _name = name.ToArray();
        _secret = secret.ToArray();
    }

    /// <summary>The public key name.</summary>
    public ReadOnlyMemory<byte> Name => _name;

    /// <summary>The secret key.</summary>
    internal ReadOnlySpan<byte> Secret => _secret;
}
