using SslModule.Engine.Certificates;

namespace SslModule.Engine.Context;

/// <summary>
/// A context's keys and what judges keys, as they are at one moment: what OpenSSL keeps in one structure, copies when a
/// connection is made and copies again when another context takes the first one's place.
/// </summary>
/// <param name="SecurityLevel">OpenSSL's, 0 to 5.</param>
/// <param name="Keys">The certificate chains with their keys.</param>
/// <param name="ServerSignatures">The signature schemes for either end; null for the default ones.</param>
/// <param name="ClientSignatures">Those for a client's signature; null for the former.</param>
/// <param name="DhParameters">A server's group for DHE suites, or null.</param>
/// <param name="PskIdentityHint">A server's hint, or null.</param>
internal sealed record CredentialSettings(
    int SecurityLevel,
    CertifiedKey[] Keys,
    int[]? ServerSignatures,
    int[]? ClientSignatures,
    DhParameters? DhParameters,
    byte[]? PskIdentityHint)
{
    /// <summary>Those of a context now; <paramref name="last"/> again where nothing has changed.</summary>
    public static CredentialSettings Of(TlsContext context, CredentialSettings? last) => last is not null && last.IsCurrent(context) ? last : new(
        context.SecurityLevel,
        context.CertifiedKeys,
        context.ServerSignatures,
        context.ClientSignatures,
        context.DhParameters,
        context.PskIdentityHintBytes);

    // The arrays are replaced when they change.
    private bool IsCurrent(TlsContext context)
        => SecurityLevel == context.SecurityLevel
            && Keys == context.CertifiedKeys
            && ServerSignatures == context.ServerSignatures
            && ClientSignatures == context.ClientSignatures
            && DhParameters == context.DhParameters
            && PskIdentityHint == context.PskIdentityHintBytes;
}
