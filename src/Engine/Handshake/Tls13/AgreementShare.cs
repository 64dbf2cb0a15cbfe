using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>A curve, a prime group or a key encapsulation of BouncyCastle's.</summary>
internal sealed class AgreementShare(NativeTlsCrypto crypto, int group, bool isServer) : KeyShare
{
    private readonly TlsAgreement _agreement = Agreement(crypto, group, isServer);

    /// <inheritdoc/>
    public override void Offer(ByteBuffer output) => output.Append(_agreement.GenerateEphemeral());

    /// <inheritdoc/>
    public override byte[] Agree(ReadOnlySpan<byte> answer)
    {
        _agreement.ReceivePeerValue(answer.ToArray());
        return Secret();
    }

    /// <inheritdoc/>
    public override byte[] Answer(ReadOnlySpan<byte> offer, ByteBuffer output)
    {
        // A key encapsulation needs the peer's key for its own value.
        _agreement.ReceivePeerValue(offer.ToArray());
        Offer(output);
        return Secret();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // BouncyCastle's private keys are numbers that cannot be zeroed.
    }

    private byte[] Secret()
    {
        TlsSecret secret = _agreement.CalculateSecret();
        byte[] copy = NativeTlsSecret.Copy(secret);
        secret.Destroy();
        return copy;
    }

    private static TlsAgreement Agreement(NativeTlsCrypto crypto, int group, bool isServer)
        => NamedGroup.IsKem(group) ? crypto.CreateKemDomain(new TlsKemConfig(group, isServer)).CreateKem()
            : NamedGroup.IsFiniteField(group) ? crypto.CreateDHDomain(new TlsDHConfig(group, padded: true)).CreateDH()
            : crypto.CreateECDomain(new TlsECConfig(group)).CreateECDH();
}
