namespace SslModule.Engine.Certificates;

/// <summary>OpenSSL's X509_V_FLAG bits.</summary>
[Flags]
internal enum VerifyFlags : long
{
    None = 0,

    /// <summary>Verify at a given time. A TLS context has no way to set the time, so it is the start of 1970.</summary>
    UseCheckTime = 0x2,

    /// <summary>Check the revocation of the leaf.</summary>
    CrlCheck = 0x4,

    /// <summary>With <see cref="CrlCheck"/>: check the whole chain.</summary>
    CrlCheckAll = 0x8,

    /// <summary>Ignore critical extensions that are not supported.</summary>
    IgnoreCritical = 0x10,

    /// <summary>Enforce all rules of RFC 5280.</summary>
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

    /// <summary>Notify a callback about valid policies; a TLS connection has no such callback.</summary>
    NotifyPolicy = 0x800,

    /// <summary>Support indirect CRLs and CRLs partitioned by reasons.</summary>
    ExtendedCrlSupport = 0x1000,

    /// <summary>Use delta CRLs.</summary>
    UseDeltas = 0x2000,

    /// <summary>Also verify the signature of a self-signed root.</summary>
    CheckSelfSignedSignature = 0x4000,

    /// <summary>Search the trust store before the certificates that the peer sent. OpenSSL's defaults set it again when it is cleared.</summary>
    TrustedFirst = 0x8000,

    /// <summary>Suite B with P-256 only.</summary>
    SuiteB128Only = 0x10000,

    /// <summary>Suite B with P-384 only.</summary>
    SuiteB192 = 0x20000,

    /// <summary>Suite B with both curves.</summary>
    SuiteB128 = 0x30000,

    /// <summary>A trusted certificate ends the chain even when it is not self-signed.</summary>
    PartialChain = 0x80000,

    /// <summary>Do not retry with shorter chains; has no effect when the store is searched first.</summary>
    NoAlternativeChains = 0x100000,

    /// <summary>Do not check validity periods.</summary>
    NoCheckTime = 0x200000,
}

/// <summary>The purpose of the leaf's key.</summary>
internal enum Purpose
{
    /// <summary>TLS server authentication.</summary>
    ServerAuth,

    /// <summary>TLS client authentication.</summary>
    ClientAuth,

    /// <summary>CRL signing: the purpose when a CRL issuer's chain is verified.</summary>
    CrlSign,

    /// <summary>Any purpose: not checked.</summary>
    Any,
}
