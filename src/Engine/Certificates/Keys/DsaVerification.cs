using System.Numerics;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Number = Org.BouncyCastle.Math.BigInteger;

namespace SslModule.Engine.Certificates;

/// <summary>Verifies DSA signatures by .NET, and with parameters that the platform's library refuses by BouncyCastle.</summary>
internal static class DsaVerification
{
    /// <summary>Verifies a signature whose encoding and ranges have been checked.</summary>
    /// <param name="y">The public value.</param>
    /// <param name="group">Usable domain parameters.</param>
    /// <param name="hashValue">The hash, cut to the length of q.</param>
    /// <param name="signature">The signature in DER.</param>
    public static bool Verify(BigInteger y, DsaGroup group, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature)
    {
        int size = Bytes(group.P).Length;
        if (y < group.P && group.G < group.P)
        {
            try
            {
                using var key = DSA.Create(new DSAParameters { P = Bytes(group.P), Q = Bytes(group.Q), G = RsaPadding.Fixed(group.G, size), Y = RsaPadding.Fixed(y, size) });
                return key.VerifySignature(hashValue, signature, DSASignatureFormat.Rfc3279DerSequence);
            }
            catch (Exception refusal) when (refusal is CryptographicException or PlatformNotSupportedException)
            {
                // Platforms differ in the lengths that they support.
            }
        }

        return ByBouncyCastle(y, group, hashValue, signature);
    }

    /// <summary>The same by BouncyCastle; false for a public value outside of the group.</summary>
    internal static bool ByBouncyCastle(BigInteger y, DsaGroup group, ReadOnlySpan<byte> hashValue, ReadOnlySpan<byte> signature)
    {
        if (!EcdsaSignature.TryRead(signature, out Number r, out Number s))
        {
            return false;
        }

        try
        {
            var signer = new DsaSigner();
            signer.Init(false, new DsaPublicKeyParameters(new Number(1, Bytes(y)), new DsaParameters(new Number(1, Bytes(group.P)), new Number(1, Bytes(group.Q)), new Number(1, Bytes(group.G)))));
            return signer.VerifySignature(hashValue.ToArray(), r, s);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static byte[] Bytes(BigInteger number) => number.ToByteArray(isUnsigned: true, isBigEndian: true);
}
