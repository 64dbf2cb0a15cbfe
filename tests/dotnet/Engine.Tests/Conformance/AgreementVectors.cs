using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using SslModule.Engine.Crypto;
using SslModule.Engine.Crypto.Curve25519;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Oids;
using SslModule.Engine.Tests.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Conformance;

/// <summary>Vectors of key agreement. The engine makes its own keys: a vector's is put in their place.</summary>
internal static class AgreementVectors
{
    /// <summary>ECDH with a point as TLS sends it.</summary>
    public static bool Ecdh(Vector vector)
    {
        (int group, string oid) = vector.GroupText("curve") switch
        {
            "secp224r1" => (NamedGroup.secp224r1, KnownOids.P224),
            "secp256r1" => (NamedGroup.secp256r1, KnownOids.P256),
            "secp384r1" => (NamedGroup.secp384r1, KnownOids.P384),
            "secp521r1" => (NamedGroup.secp521r1, KnownOids.P521),
            _ => throw new NotHereException($"EcdhEcpointTest: {vector.GroupText("curve")}"),
        };
        byte[] point = vector.Bytes("public");
        if (point is not [4, ..])
        {
            throw new NotHereException("EcdhEcpointTest: a compressed point, which a peer may not send");
        }

        using KeyShare share = KeyShare.ForCurve(group);
        byte[] scalar = vector.Bytes("private");
        if (share is NistShare)
        {
            int size = (EcCurves.NativeBits(oid)!.Value + 7) / 8;
            ShareKeys.Set(share, ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.CreateFromValue(oid), D = new BigInteger(1, scalar).ToByteArrayUnsigned() is var d ? [.. new byte[size - d.Length], .. d] : null }));
        }
        else
        {
            ShareKeys.Set(share, new ECPrivateKeyParameters(new BigInteger(1, scalar), EcCurves.Domain(oid)!));
        }

        return share.DeriveSecret(point).AsSpan().SequenceEqual(vector.Bytes("shared"));
    }

    /// <summary>X25519, by the engine's own and by BouncyCastle's, and X448.</summary>
    public static bool Xdh(Vector vector)
    {
        int group = vector.GroupText("curve") == "curve448" ? NamedGroup.x448 : NamedGroup.x25519;
        bool accepted = Agrees(new MontgomeryShare(group), vector);
        if (group == NamedGroup.x25519 && X25519.IsSupported && Agrees(new X25519Share(), vector) != accepted)
        {
            throw new InvalidOperationException("the two implementations of X25519 differ");
        }

        return accepted;
    }

    private static bool Agrees(KeyShare share, Vector vector)
    {
        using (share)
        {
            vector.Bytes("private").CopyTo(ShareKeys.Bytes(share), 0);
            try
            {
                return share.DeriveSecret(vector.Bytes("public")).AsSpan().SequenceEqual(vector.Bytes("shared"));
            }
            catch (FatalAlertException)
            {
                return false;
            }
        }
    }
}
