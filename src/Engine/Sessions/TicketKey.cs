namespace SslModule.Engine.Sessions;

/// <summary>A key that seals tickets, with the public name by which a ticket tells which key sealed it (RFC 5077 section 4).</summary>
public sealed class TicketKey
{
    /// <summary>How long a name is.</summary>
    public const int NameLength = 16;

    /// <summary>How long a key is: AES-256's.</summary>
    public const int SecretLength = 32;

    private readonly byte[] _name;
    private readonly byte[] _secret;

    /// <summary>A key to share among servers.</summary>
    /// <param name="name">16 bytes, sent in the clear.</param>
    /// <param name="secret">32 bytes, as unpredictable as a private key.</param>
    /// <exception cref="ArgumentException">A length is another.</exception>
    public TicketKey(ReadOnlySpan<byte> name, ReadOnlySpan<byte> secret)
    {
        if (name.Length != NameLength || secret.Length != SecretLength)
        {
            throw new ArgumentException($"A ticket key has a name of {NameLength} bytes and a secret of {SecretLength}.");
        }

        _name = name.ToArray();
        _secret = secret.ToArray();
    }

    /// <summary>The public name.</summary>
    public ReadOnlyMemory<byte> Name => _name;

    /// <summary>The secret.</summary>
    internal ReadOnlySpan<byte> Secret => _secret;
}
