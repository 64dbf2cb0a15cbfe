using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace SslModule.Engine.Certificates;

/// <summary>
/// Takes the place of <see cref="ExpandedKeyCheck"/> where the cryptography must be the platform's: what a key signs is verified. A key
/// whose low bits are so little wrong that its signatures are valid passes.
/// </summary>
internal static class TrialSignatures
{
    private const int Count = 8;

    /// <summary>True when some signatures are valid.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="key">The private key.</param>
    public static bool AreValid(MlDsaSet set, MLDsaPrivateKeyParameters key)
    {
        for (byte message = 0; message < Count; message++)
        {
            var signer = new MLDsaSigner(set.Parameters, deterministic: true);
            signer.Init(forSigning: true, key);
            signer.Update(message);
            byte[] signature = signer.GenerateSignature();
            var verifier = new MLDsaSigner(set.Parameters, deterministic: true);
            verifier.Init(forSigning: false, key.GetPublicKey());
            verifier.Update(message);
            if (!verifier.VerifySignature(signature))
            {
                return false;
            }
        }

        return true;
    }
}
