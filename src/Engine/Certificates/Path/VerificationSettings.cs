using SslModule.Engine.Oids;
namespace SslModule.Engine.Certificates;

/// <summary>The parameters of a chain verification.</summary>
internal sealed record VerificationSettings
{
    /// <summary>The depth limit of OpenSSL's TLS contexts: the number of certificates between leaf and trust anchor.</summary>
    public const int DefaultDepthLimit = 100;

    private readonly string? _trustedUse;

    /// <summary>The trust store.</summary>
    public required TrustStore Store { get; init; }

    /// <summary>The verification flags.</summary>
    public VerifyFlags Flags { get; init; } = VerifyFlags.TrustedFirst;

    /// <summary>The security level for keys and digests, 0 to 5.</summary>
    public int SecurityLevel { get; init; }

    /// <summary>The required purpose of the leaf.</summary>
    public Purpose Purpose { get; init; }

    /// <summary>The use for which trust settings are looked up: the leaf's, also when a CRL issuer's chain is verified.</summary>
    public string TrustedUse { get => _trustedUse ?? DefaultUse; init => _trustedUse = value; }

    /// <summary>SHA-256 hashes of the SubjectPublicKeyInfo of distrusted keys; null for the embedded list.</summary>
    public IReadOnlyList<byte[]>? DistrustedKeys { get; init; }

    /// <summary>True when verifying the chain of a CRL issuer, which must not start another one.</summary>
    public bool IsCrlPath { get; init; }

    /// <summary>The host name or IP address that the leaf must match; null for none.</summary>
    public string? HostName { get; init; }

    /// <summary>The X509_CHECK_FLAG bits.</summary>
    public uint HostFlags { get; init; } = HostNameFlags.NoPartialWildcards;

    /// <summary>The verification time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The effective time: the flag overrides the clock.</summary>
    public DateTimeOffset Time => Has(VerifyFlags.UseCheckTime) ? DateTimeOffset.UnixEpoch : Now;

    /// <summary>True when validity dates are not checked; the flag for a given time overrides the flag for no check.</summary>
    public bool SkipsValidity => (Flags & (VerifyFlags.NoCheckTime | VerifyFlags.UseCheckTime)) == VerifyFlags.NoCheckTime;

    /// <summary>The maximum number of certificates between leaf and trust anchor.</summary>
    public int DepthLimit { get; init; } = DefaultDepthLimit;

    private string DefaultUse => Purpose switch
    {
        Purpose.ServerAuth => KnownOids.ServerAuth,
        Purpose.ClientAuth => KnownOids.ClientAuth,
        _ => KnownOids.AnyExtendedKeyUsage,
    };

    /// <summary>True when <paramref name="flag"/> is set.</summary>
    public bool Has(VerifyFlags flag) => (Flags & flag) != 0;
}

/// <summary>The result of a chain verification.</summary>
/// <param name="Code">OpenSSL's X509_V_ERR code; 0 when the chain is valid.</param>
/// <param name="Depth">The depth of the failure; 0 is the leaf.</param>
/// <param name="Message">OpenSSL's text or, for host names, CPython's.</param>
/// <param name="Alert">The alert for the peer; 0 when the chain is valid.</param>
/// <param name="Chain">The chain as far as it was built, leaf first.</param>
internal sealed record VerificationResult(int Code, int Depth, string Message, byte Alert, IReadOnlyList<Certificate> Chain);
