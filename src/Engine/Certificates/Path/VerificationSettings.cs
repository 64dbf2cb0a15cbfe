using SslModule.Engine.Oids;
namespace SslModule.Engine.Certificates;

/// <summary>What a chain is verified against.</summary>
internal sealed record VerificationSettings
{
    /// <summary>The depth limit of OpenSSL's TLS contexts: certificates between leaf and root.</summary>
    public const int DefaultDepthLimit = 100;

    private readonly string? _trustedUse;

    /// <summary>The trusted certificates and the CRLs.</summary>
    public required TrustStore Store { get; init; }

    /// <summary>What to check beyond the usual.</summary>
    public VerifyFlags Flags { get; init; } = VerifyFlags.TrustedFirst;

    /// <summary>The least strength of keys and digests, 0 to 5.</summary>
    public int SecurityLevel { get; init; }

    /// <summary>What the leaf is for.</summary>
    public Purpose Purpose { get; init; }

    /// <summary>The use that the store's trust settings are asked about: the leaf's, also inside the path of a CRL's issuer.</summary>
    public string TrustedUse { get => _trustedUse ?? DefaultUse; init => _trustedUse = value; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo of keys that no chain may run through; null for those that the engine lists.</summary>
    public IReadOnlyList<byte[]>? DistrustedKeys { get; init; }

    /// <summary>True inside the verification of a CRL's issuer, which starts no other.</summary>
    public bool IsCrlPath { get; init; }

    /// <summary>The name or IP address the leaf must carry; null for none.</summary>
    public string? HostName { get; init; }

    /// <summary>X509_CHECK_FLAG bits.</summary>
    public uint HostFlags { get; init; } = HostNameFlags.NoPartialWildcards;

    /// <summary>When the chain must be valid.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The time in force: a flag outweighs the clock.</summary>
    public DateTimeOffset Time => Has(VerifyFlags.UseCheckTime) ? DateTimeOffset.UnixEpoch : Now;

    /// <summary>True when dates are not looked at; asking for a time outweighs asking for none.</summary>
    public bool IsTimeless => (Flags & (VerifyFlags.NoCheckTime | VerifyFlags.UseCheckTime)) == VerifyFlags.NoCheckTime;

    /// <summary>How many certificates may lie between leaf and root.</summary>
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

/// <summary>The verdict on a chain.</summary>
/// <param name="Code">OpenSSL's X509_V_ERR code; 0 when the chain is good.</param>
/// <param name="Depth">Where the failure lies; 0 is the leaf.</param>
/// <param name="Message">OpenSSL's or, for names, CPython's words.</param>
/// <param name="Alert">The alert for the peer; 0 when the chain is good.</param>
/// <param name="Chain">The chain as far as it was built, leaf first.</param>
internal sealed record VerificationResult(int Code, int Depth, string Message, byte Alert, IReadOnlyList<Certificate> Chain);
