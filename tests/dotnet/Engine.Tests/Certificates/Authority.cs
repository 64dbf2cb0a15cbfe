using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Certificate = SslModule.Engine.Certificates.Certificate;

namespace SslModule.Engine.Tests.Certificates;

/// <summary>A certificate with its key, made in the test, that can sign others.</summary>
internal sealed class Authority
{
    private static readonly DateTimeOffset Usual = new(2030, 6, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly AsyncLocal<DateTimeOffset?> Other = new();

    /// <summary>The time of the tests.</summary>
    public static DateTimeOffset Now => Other.Value ?? Usual;

    /// <summary>Moves the test that calls to the present, for programs that know no other time.</summary>
    public static void MoveToThePresent() => Other.Value = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    /// <summary>Ends what <see cref="MoveToThePresent"/> began: the runner hands the worker's context on to the next test.</summary>
    public static void MoveBack() => Other.Value = null;

    private static long _serial = 1000;

    private readonly X509SignatureGenerator _generator;

    private Authority(X509Certificate2 native, AsymmetricAlgorithm key)
    {
        Native = native;
        Key = key;
        _generator = Generator(key);
        Certificate = Certificate.Parse(native.RawData);
    }

    public X509Certificate2 Native { get; }

    public AsymmetricAlgorithm Key { get; }

    public Certificate Certificate { get; }

    public string Pem => Native.ExportCertificatePem() + "\n";

    public string KeyPem => Key switch
    {
        RSA rsa => rsa.ExportPkcs8PrivateKeyPem() + "\n",
        ECDsa ec => ec.ExportPkcs8PrivateKeyPem() + "\n",
        _ => throw new InvalidOperationException(),
    };

    /// <summary>A certificate that signs itself.</summary>
    public static Authority Root(string name = "CN=root", Shape? shape = null)
    {
        shape ??= Shape.Ca();
        AsymmetricAlgorithm key = shape.NewKey();
        return Make(shape with { Name = name }, new X500DistinguishedName(name), key, Generator(key), key);
    }

    /// <summary>A certificate that this one signs.</summary>
    public Authority Issue(string name, Shape shape)
        => Make(shape with { Name = name }, Native.SubjectName, shape.NewKey(), _generator, Key);

    private static X509SignatureGenerator Generator(AsymmetricAlgorithm key) => key switch
    {
        RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
        ECDsa ec => X509SignatureGenerator.CreateForECDsa(ec),
        _ => throw new InvalidOperationException(),
    };

    private static Authority Make(Shape shape, X500DistinguishedName issuer, AsymmetricAlgorithm key, X509SignatureGenerator signer, AsymmetricAlgorithm signerKey)
    {
        var subject = new X500DistinguishedName(shape.Name);
        CertificateRequest request = key switch
        {
            RSA rsa => new CertificateRequest(subject, rsa, shape.Hash, RSASignaturePadding.Pkcs1),
            ECDsa ec => new CertificateRequest(subject, ec, shape.Hash),
            _ => throw new InvalidOperationException(),
        };
        foreach (X509Extension extension in shape.Extensions(request.PublicKey, signerKey))
        {
            request.CertificateExtensions.Add(extension);
        }

        bool legacy = shape.Hash == HashAlgorithmName.SHA1 || shape.Hash == HashAlgorithmName.MD5;
        signer = legacy ? new LegacySigner((RSA)signerKey) : signer;
        byte[] serial = BitConverter.GetBytes(Interlocked.Increment(ref _serial));
        Array.Reverse(serial);
        serial[0] = 1;
        return new Authority(request.Create(shape.Issuer is null ? issuer : new X500DistinguishedName(shape.Issuer), signer, shape.NotBefore, shape.NotAfter, serial), key);
    }
}
