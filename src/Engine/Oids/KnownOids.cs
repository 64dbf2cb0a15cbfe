namespace SslModule.Engine.Oids;

/// <summary>The object identifiers used in certificates, CRLs and keys (RFC 5280, RFC 3279, RFC 4055, RFC 5480, RFC 8410, RFC 9881).</summary>
internal static class KnownOids
{
    // Keys.
    public const string RsaEncryption = "1.2.840.113549.1.1.1";
    public const string RsaPss = "1.2.840.113549.1.1.10";
    public const string EcPublicKey = "1.2.840.10045.2.1";
    public const string Dsa = "1.2.840.10040.4.1";
    public const string X25519 = "1.3.101.110";
    public const string X448 = "1.3.101.111";
    public const string Ed25519 = "1.3.101.112";
    public const string Ed448 = "1.3.101.113";
    public const string MlDsa44 = "2.16.840.1.101.3.4.3.17";
    public const string MlDsa65 = "2.16.840.1.101.3.4.3.18";
    public const string MlDsa87 = "2.16.840.1.101.3.4.3.19";
    public const string Mgf1 = "1.2.840.113549.1.1.8";

    // Curves.
    public const string P256 = "1.2.840.10045.3.1.7";
    public const string P384 = "1.3.132.0.34";
    public const string P521 = "1.3.132.0.35";
    public const string P224 = "1.3.132.0.33";
    public const string P192 = "1.2.840.10045.3.1.1";
    public const string Secp256k1 = "1.3.132.0.10";
    public const string BrainpoolP256 = "1.3.36.3.3.2.8.1.1.7";
    public const string BrainpoolP384 = "1.3.36.3.3.2.8.1.1.11";
    public const string BrainpoolP512 = "1.3.36.3.3.2.8.1.1.13";

    // Digests.
    public const string Md5 = "1.2.840.113549.2.5";
    public const string Sha1 = "1.3.14.3.2.26";
    public const string Sha224 = "2.16.840.1.101.3.4.2.4";
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";
    public const string Sha384 = "2.16.840.1.101.3.4.2.2";
    public const string Sha512 = "2.16.840.1.101.3.4.2.3";

    // Certificate and CRL extensions.
    public const string SubjectKeyIdentifier = "2.5.29.14";
    public const string KeyUsage = "2.5.29.15";
    public const string SubjectAltName = "2.5.29.17";
    public const string IssuerAltName = "2.5.29.18";
    public const string BasicConstraints = "2.5.29.19";
    public const string CrlNumber = "2.5.29.20";
    public const string ReasonCode = "2.5.29.21";
    public const string InvalidityDate = "2.5.29.24";
    public const string DeltaCrlIndicator = "2.5.29.27";
    public const string IssuingDistributionPoint = "2.5.29.28";
    public const string CertificateIssuer = "2.5.29.29";
    public const string NameConstraints = "2.5.29.30";
    public const string CrlDistributionPoints = "2.5.29.31";
    public const string CertificatePolicies = "2.5.29.32";
    public const string AnyPolicy = "2.5.29.32.0";
    public const string PolicyMappings = "2.5.29.33";
    public const string AuthorityKeyIdentifier = "2.5.29.35";
    public const string PolicyConstraints = "2.5.29.36";
    public const string ExtendedKeyUsage = "2.5.29.37";
    public const string AnyExtendedKeyUsage = "2.5.29.37.0";
    public const string FreshestCrl = "2.5.29.46";
    public const string InhibitAnyPolicy = "2.5.29.54";
    public const string AuthorityInfoAccess = "1.3.6.1.5.5.7.1.1";
    public const string ProxyCertInfo = "1.3.6.1.5.5.7.1.14";
    public const string TlsFeature = "1.3.6.1.5.5.7.1.24";
    public const string IpAddressBlocks = "1.3.6.1.5.5.7.1.7";
    public const string AutonomousSystemIds = "1.3.6.1.5.5.7.1.8";
    public const string OcspNoCheck = "1.3.6.1.5.5.7.48.1.5";
    public const string NetscapeCertType = "2.16.840.1.113730.1.1";

    // Access methods and extended key usages.
    public const string Ocsp = "1.3.6.1.5.5.7.48.1";
    public const string CaIssuers = "1.3.6.1.5.5.7.48.2";
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    public const string NetscapeServerGatedCrypto = "2.16.840.1.113730.4.1";
    public const string MicrosoftServerGatedCrypto = "1.3.6.1.4.1.311.10.3.3";

    // Name attributes that verification reads.
    public const string CommonName = "2.5.4.3";
    public const string EmailAddress = "1.2.840.113549.1.9.1";
    public const string SrvName = "1.3.6.1.5.5.7.8.7";
    public const string SmtpUtf8Mailbox = "1.3.6.1.5.5.7.8.9";
}
