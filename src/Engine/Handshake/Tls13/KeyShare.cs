using SslModule.Engine.Crypto;
using SslModule.Engine.Crypto.Curve25519;
using SslModule.Engine.Crypto.MlKem;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>
/// One end's part in the key exchange of a group (RFC 8446 section 4.2.8). A client makes an offer and agrees with the server's
/// answer to it; a server answers. Its private key is zeroed when it has agreed or is disposed of.
/// </summary>
internal abstract class KeyShare : IDisposable
{
    /// <summary>A client's share of a group that the context offers.</summary>
    public static KeyShare OfClient(NativeTlsCrypto crypto, int group) => Of(crypto, group, isServer: false);

    /// <summary>A server's.</summary>
    public static KeyShare OfServer(NativeTlsCrypto crypto, int group) => Of(crypto, group, isServer: true);

    /// <summary>Writes a client's public value.</summary>
    public abstract void Offer(ByteBuffer output);

    /// <summary>Takes the server's value.</summary>
    /// <returns>The shared secret, for the caller to zero.</returns>
    /// <exception cref="FatalAlertException">The value is none of the group's.</exception>
    public abstract byte[] Agree(ReadOnlySpan<byte> answer);

    /// <summary>Takes a client's value and writes the server's.</summary>
    /// <returns>The shared secret, for the caller to zero.</returns>
    /// <exception cref="FatalAlertException">The value is none of the group's.</exception>
    public abstract byte[] Answer(ReadOnlySpan<byte> offer, ByteBuffer output);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Refuses a value; OpenSSL 3.5 has the same reason for points and for keys of ML-KEM.</summary>
    protected static Exception Refusal() => new PeerValueAlert("BAD_ECPOINT", new FatalAlertException(AlertDescription.illegal_parameter));

    private static KeyShare Of(NativeTlsCrypto crypto, int group, bool isServer)
    {
        if (!SupportedAlgorithms.IsHybrid(group))
        {
            return OfOne(crypto, group, isServer);
        }

        int first = NamedGroup.PartsOf(group).First;
        return new HybridShare(
            OfOne(crypto, first, isServer),
            OfOne(crypto, NamedGroup.PartsOf(group).Second, isServer),
            HelloExtensions.KeyShareLength(first, ofClient: isServer)!.Value);
    }

    private static KeyShare OfOne(NativeTlsCrypto crypto, int group, bool isServer)
        => group == NamedGroup.x25519 && X25519.IsSupported ? new X25519Share()
            : group == NamedGroup.MLKEM768 && MlKem768.IsSupported ? new MlKemShare()
            : new AgreementShare(crypto, group, isServer);
}
