namespace SslModule.Engine.Certificates;

/// <summary>
/// Bounds the signatures that one verification checks, and the work in them. Chain, CRLs and the chains of CRL issuers are each
/// bounded by the depth limit, but together a peer could make a verifier check hundreds of signatures by keys that it chose to be
/// slow.
/// </summary>
internal sealed class SignatureBudget
{
    /// <summary>Twice the longest chain with a CRL for each certificate, which nobody meets by accident.</summary>
    public const int MaximumSignatures = 4 * (VerificationSettings.DefaultDepthLimit + 1);

    /// <summary>As much as so many signatures by RSA keys of 16,384 bits with the usual exponent, or 37 by the largest DSA keys.</summary>
    public const long MaximumWork = (long)MaximumSignatures * 27 * (2 * 256 * 256);

    private int _signatures = MaximumSignatures;
    private long _work = MaximumWork;

    /// <summary>Takes one signature of such a cost; false when it is more than is left, which verification answers as a chain that is too long.</summary>
    public bool Take(long cost)
    {
        if (_signatures == 0 || cost > _work)
        {
            return false;
        }

        _signatures--;
        _work -= cost;
        return true;
    }
}
