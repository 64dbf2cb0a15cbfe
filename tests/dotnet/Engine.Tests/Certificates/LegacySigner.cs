using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SslModule.Engine.Tests.Certificates;

/// <summary>Signs with SHA-1 or MD5, which .NET's own generator refuses.</summary>
internal sealed class LegacySigner(RSA key) : X509SignatureGenerator
{
    private static readonly byte[] Sha1WithRsa = Convert.FromHexString("300D06092A864886F70D0101050500");
    private static readonly byte[] Md5WithRsa = Convert.FromHexString("300D06092A864886F70D0101040500");

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
        => hashAlgorithm == HashAlgorithmName.SHA1 ? Sha1WithRsa : Md5WithRsa;

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, hashAlgorithm, RSASignaturePadding.Pkcs1);

    protected override PublicKey BuildPublicKey() => new(key);
}
