using System.Security.Cryptography;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12.KeyExchange;

/// <summary>
/// What a cipher suite before TLS 1.3 puts into ServerKeyExchange and ClientKeyExchange, and the premaster secret that comes of it
/// (RFC 5246 sections 7.4.3, 7.4.7 and 8.1). A client reads the server's part and writes its own; a server the other way round.
/// </summary>
/// <param name="state">The connection's state.</param>
internal abstract class KeyExchange(HandshakeState state) : IDisposable
{
    /// <summary>The connection's state.</summary>
    protected HandshakeState State => state;

    /// <summary>Whether the server sends a ServerKeyExchange.</summary>
    public abstract Presence ServerKeyExchange { get; }

    /// <summary>The key exchange of a suite.</summary>
    public static KeyExchange Of(HandshakeState state, CipherSuiteInfo suite) => suite.Kx switch
    {
        "ECDH" => new EcdheKeyExchange(state),
        "DH" => new DheKeyExchange(state),
        "RSA" => new RsaKeyExchange(state),
        "PSK" => new PskKeyExchange(state, inner: null),
        "ECDHEPSK" => new PskKeyExchange(state, new EcdheKeyExchange(state)),
        "DHEPSK" => new PskKeyExchange(state, new DheKeyExchange(state)),
        "RSAPSK" => new PskKeyExchange(state, new RsaKeyExchange(state)),
        _ => throw new FatalAlertException(AlertDescription.internal_error),
    };

    /// <summary>On a client: reads the server's parameters; whoever signed them is still to be found out.</summary>
    /// <exception cref="FatalAlertException">They are malformed, or not good enough.</exception>
    public abstract void ReadServerParameters(ref WireReader reader);

    /// <summary>On a client: takes the parameters that were read, now that their signature was checked.</summary>
    /// <exception cref="FatalAlertException">The server's public value is none of its group.</exception>
    public virtual void AcceptServerParameters()
    {
        // Only an ephemeral exchange has something to compute.
    }

    /// <summary>On a client: writes the body of the ClientKeyExchange.</summary>
    /// <returns>The premaster secret, for the caller to zero.</returns>
    public abstract byte[] WriteClientKeyExchange(WireWriter writer);

    /// <summary>On a server: takes the key of its certificate.</summary>
    public virtual void UseKey(Certificates.PrivateKey? key)
    {
        // Only RSA decrypts with it.
    }

    /// <summary>On a server: writes its parameters.</summary>
    public abstract void WriteServerParameters(WireWriter writer, ByteBuffer output);

    /// <summary>On a server: reads the body of the ClientKeyExchange, or what is left of it.</summary>
    /// <returns>The premaster secret, for the caller to zero.</returns>
    /// <exception cref="FatalAlertException">It is malformed.</exception>
    public abstract byte[] ReadClientKeyExchange(ref WireReader reader);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        // Those with a key of their own drop it.
    }

    /// <summary>On a server: takes the client's public value, with OpenSSL's reason for one that is none of the group's.</summary>
    /// <returns>The secret.</returns>
    protected byte[] AgreeWithClient(KeyShare share, ReadOnlyMemory<byte> value)
    {
        try
        {
            return share.Agree(value.Span);
        }
        catch (FatalAlertException refused) when (refused.Alert == AlertDescription.illegal_parameter)
        {
            throw state.Fail("BAD_KEY_SHARE", AlertDescription.illegal_parameter);
        }
    }

    /// <summary>Refuses a message whose lengths do not fit.</summary>
    protected Exception LengthMismatch() => state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);

    /// <summary>Random bytes for a premaster secret, behind the version that the ClientHello offered (RFC 5246 section 7.4.7.1).</summary>
    protected static byte[] NewPremaster(int offeredVersion)
    {
        byte[] premaster = RandomNumberGenerator.GetBytes(MasterSecret.Length);
        (premaster[0], premaster[1]) = ((byte)(offeredVersion >> 8), (byte)offeredVersion);
        return premaster;
    }
}
