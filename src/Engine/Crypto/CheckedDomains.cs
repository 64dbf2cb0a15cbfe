using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Wire;
using AlertDescription = SslModule.Engine.Wire.AlertDescription;

namespace SslModule.Engine.Crypto;

/// <summary>Curves whose refusal of a peer's point bears OpenSSL's reason.</summary>
internal sealed class CheckedEcDomain(TlsECDomain inner) : TlsECDomain
{
    /// <inheritdoc/>
    public TlsAgreement CreateECDH() => new CheckedAgreement(inner.CreateECDH(), "BAD_ECPOINT");
}

/// <summary>Prime groups whose refusal of a peer's value bears OpenSSL's reason.</summary>
internal sealed class CheckedDhDomain(TlsDHDomain inner) : TlsDHDomain
{
    /// <inheritdoc/>
    public TlsAgreement CreateDH() => new CheckedAgreement(inner.CreateDH(), "BAD_DH_VALUE");
}

/// <summary>Key encapsulations whose refusal of a peer's key bears OpenSSL's reason, which is the one for points.</summary>
internal sealed class CheckedKemDomain(TlsKemDomain inner) : TlsKemDomain
{
    /// <inheritdoc/>
    public TlsAgreement CreateKem() => new CheckedAgreement(inner.CreateKem(), "BAD_ECPOINT");
}

/// <summary>A key agreement that names what is wrong with the peer's value.</summary>
internal sealed class CheckedAgreement(TlsAgreement inner, string reason) : TlsAgreement
{
    /// <inheritdoc/>
    public byte[] GenerateEphemeral() => inner.GenerateEphemeral();

    /// <inheritdoc/>
    public void ReceivePeerValue(byte[] peerValue)
    {
        try
        {
            inner.ReceivePeerValue(peerValue);
        }
        catch (Exception cause) when (cause is TlsFatalAlert or FatalAlertException or ArgumentException)
        {
            throw new PeerValueAlert(reason, cause);
        }
    }

    /// <inheritdoc/>
    public TlsSecret CalculateSecret()
    {
        try
        {
            return inner.CalculateSecret();
        }
        catch (TlsFatalAlert cause) when (cause.AlertDescription == (short)AlertDescription.handshake_failure)
        {
            // A point of small order, whose secret is zero (RFC 7748 section 6.2).
            throw new PeerValueAlert(reason, cause);
        }
    }
}

/// <summary>The peer's public value is none of the group's.</summary>
internal sealed class PeerValueAlert(string reason, Exception cause) : FatalAlertException(AlertDescription.illegal_parameter, cause)
{
    /// <summary>OpenSSL's reason.</summary>
    public string Reason => reason;
}
