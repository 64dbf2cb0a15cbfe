namespace SslModule.Engine.Certificates;

/// <summary>
/// Limits the number and cost of signature checks in one verification. The depth limit bounds the chain, the CRLs and the CRL
/// issuers' chains individually, but together a peer could cause hundreds of signature checks with keys chosen to be slow.
/// </summary>
internal sealed class SignatureBudget
{
    /// <summary>Twice the longest chain with a CRL for each certificate: more than legitimate chains need.</summary>
    public const int MaximumSignatures = 4 * (VerificationSettings.DefaultDepthLimit + 1);

    /// <summary>The cost of that many signatures by 16,384-bit RSA keys with the usual exponent, or of 37 by the largest DSA keys.</summary>
    public const long MaximumWork = (long)MaximumSignatures * 27 * (2 * 256 * 256);

    private int _signatures = MaximumSignatures;
    private long _work = MaximumWork;

    /// <summary>Deducts the cost of one signature; false when the budget is exceeded, which is reported as a chain that is too long.</summary>
    public bool TryDeduct(long cost)
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
