using System.Security.Cryptography;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12.KeyExchange;

/// <summary>
/// The key exchange of a suite of TLS 1.2 or earlier: ServerKeyExchange, ClientKeyExchange and the premaster secret (RFC 5246
/// sections 7.4.3, 7.4.7 and 8.1). A client reads the server's parameters and writes its own; a server does the reverse.
/// </summary>
/// <param name="state">The connection's state.</param>
internal abstract class KeyExchange(HandshakeState state) : IDisposable
{
    /// <summary>The connection's state.</summary>
    protected HandshakeState State => state;

    /// <summary>Whether the server sends a ServerKeyExchange.</summary>
    public abstract Presence ServerKeyExchange { get; }

    /// <summary>Creates the key exchange of a suite.</summary>
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

    /// <summary>On a client: reads the server's parameters, before their signature is checked.</summary>
    /// <exception cref="FatalAlertException">They are malformed, or too weak for the security level.</exception>
    public abstract void ReadServerParameters(ref WireReader reader);

    /// <summary>On a client: uses the parameters, after their signature was checked.</summary>
    /// <exception cref="FatalAlertException">The server's public value is not valid in its group.</exception>
    public virtual void AcceptServerParameters()
    {
        // Only ephemeral key exchanges compute something here.
    }

    /// <summary>On a client: writes the body of the ClientKeyExchange.</summary>
    /// <returns>The premaster secret, for the caller to zero.</returns>
    public abstract byte[] WriteClientKeyExchange(WireWriter writer);

    /// <summary>On a server: sets the key of the certificate.</summary>
    public virtual void UseKey(Certificates.PrivateKey? key)
    {
        // Only RSA key exchange uses it.
    }

    /// <summary>On a server: writes the parameters of the ServerKeyExchange.</summary>
    public abstract void WriteServerParameters(WireWriter writer, ByteBuffer output);

    /// <summary>On a server: reads the body of the ClientKeyExchange, or the rest of it.</summary>
    /// <returns>The premaster secret, for the caller to zero.</returns>
    /// <exception cref="FatalAlertException">It is malformed.</exception>
    public abstract byte[] ReadClientKeyExchange(ref WireReader reader);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        // Key exchanges with an ephemeral key zero it.
    }

    /// <summary>On a server: computes the shared secret from the client's public value, with OpenSSL's reason if the value is invalid.</summary>
    /// <returns>The shared secret.</returns>
    protected byte[] AgreeWithClient(KeyShare share, ReadOnlyMemory<byte> value)
    {
        try
        {
            return share.DeriveSecret(value.Span);
        }
        catch (FatalAlertException refused) when (refused.Alert == AlertDescription.illegal_parameter)
        {
            throw state.Fail("BAD_KEY_SHARE", AlertDescription.illegal_parameter);
        }
    }

    /// <summary>The error for a message with inconsistent lengths.</summary>
    protected Exception LengthMismatch() => state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);

    /// <summary>A random RSA premaster secret, which starts with the ClientHello's version (RFC 5246 section 7.4.7.1).</summary>
    protected static byte[] NewPremaster(int offeredVersion)
    {
        byte[] premaster = RandomNumberGenerator.GetBytes(MasterSecret.Length);
        (premaster[0], premaster[1]) = ((byte)(offeredVersion >> 8), (byte)offeredVersion);
        return premaster;
    }
}
