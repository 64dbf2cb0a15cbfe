using SslModule.Engine.Certificates;

namespace SslModule.Engine.Context;

/// <summary>
/// A snapshot of a context's keys and signature settings. OpenSSL keeps them in one structure (CERT), which is copied when a
/// connection is created and when its context is replaced.
/// </summary>
/// <param name="SecurityLevel">OpenSSL's security level, 0 to 5.</param>
/// <param name="Keys">The certificate chains with their keys.</param>
/// <param name="ServerSignatures">The signature schemes for either end; null for the default ones.</param>
/// <param name="ClientSignatures">The signature schemes of clients; null for the same as ServerSignatures.</param>
/// <param name="DhParameters">A server's DH parameters for DHE suites, or null.</param>
/// <param name="PskIdentityHint">A server's PSK identity hint, or null.</param>
internal sealed record CredentialSettings(
    int SecurityLevel,
    CertifiedKey[] Keys,
    int[]? ServerSignatures,
    int[]? ClientSignatures,
    DhParameters? DhParameters,
    byte[]? PskIdentityHint)
{
    /// <summary>The current settings of a context; <paramref name="last"/> if nothing has changed.</summary>
    public static CredentialSettings Of(TlsContext context, CredentialSettings? last) => last is not null && last.IsCurrent(context) ? last : new(
        context.SecurityLevel,
        context.CertifiedKeys,
        context.ServerSignatures,
        context.ClientSignatures,
        context.DhParameters,
        context.PskIdentityHintBytes);

    // Arrays are compared by reference, because they are replaced when they change.
    private bool IsCurrent(TlsContext context)
        => SecurityLevel == context.SecurityLevel
            && Keys == context.CertifiedKeys
            && ServerSignatures == context.ServerSignatures
            && ClientSignatures == context.ClientSignatures
            && DhParameters == context.DhParameters
            && PskIdentityHint == context.PskIdentityHintBytes;
}
