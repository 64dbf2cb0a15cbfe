namespace SslModule.Engine.Certificates;

/// <summary>OpenSSL's X509_V_FLAG bits.</summary>
[Flags]
internal enum VerifyFlags : long
{
    None = 0,

    /// <summary>Verify at a time given beside the flags, which no TLS context gives: at the beginning of 1970.</summary>
    UseCheckTime = 0x2,

    /// <summary>Look up the revocation of the leaf.</summary>
    CrlCheck = 0x4,

    /// <summary>With <see cref="CrlCheck"/>: of the whole chain.</summary>
    CrlCheckAll = 0x8,

    /// <summary>Accept critical extensions that are not understood.</summary>
    IgnoreCritical = 0x10,

    /// <summary>Hold the chain to all of RFC 5280.</summary>
    Strict = 0x20,

    /// <summary>Accept proxy certificates (RFC 3820).</summary>
    AllowProxyCertificates = 0x40,

    /// <summary>Evaluate certificate policies.</summary>
    PolicyCheck = 0x80,

    /// <summary>Require an explicit policy.</summary>
    ExplicitPolicy = 0x100,

    /// <summary>Ignore anyPolicy.</summary>
    InhibitAny = 0x200,

    /// <summary>Ignore policy mappings.</summary>
    InhibitMap = 0x400,

    /// <summary>Call back when the policies are good; a TLS connection has nobody to call.</summary>
    NotifyPolicy = 0x800,

    /// <summary>Understand indirect CRLs and CRLs divided by reasons.</summary>
    ExtendedCrlSupport = 0x1000,

    /// <summary>Use delta CRLs.</summary>
    UseDeltas = 0x2000,

    /// <summary>Also verify the signature of a self-signed root.</summary>
    CheckSelfSignedSignature = 0x4000,

    /// <summary>Look in the trust store before the certificates that the peer sent: OpenSSL's defaults put it back when it is taken off.</summary>
    TrustedFirst = 0x8000,

    /// <summary>Suite B with P-256 only.</summary>
    SuiteB128Only = 0x10000,

    /// <summary>Suite B with P-384 only.</summary>
    SuiteB192 = 0x20000,

    /// <summary>Suite B with both curves.</summary>
    SuiteB128 = 0x30000,

    /// <summary>A trusted certificate ends the chain even when it is not self-signed.</summary>
    PartialChain = 0x80000,

    /// <summary>Do not retry shorter chains: where the store is looked in first, none is retried.</summary>
    NoAlternativeChains = 0x100000,

    /// <summary>Do not check validity periods.</summary>
    NoCheckTime = 0x200000,
}

/// <summary>What the leaf's key will be used for.</summary>
internal enum Purpose
{
    /// <summary>It authenticates a TLS server.</summary>
    ServerAuth,

    /// <summary>It authenticates a TLS client.</summary>
    ClientAuth,

    /// <summary>It signs CRLs: the purpose inside the path of a CRL's issuer.</summary>
    CrlSign,

    /// <summary>Any use: no purpose is checked.</summary>
    Any,
}
