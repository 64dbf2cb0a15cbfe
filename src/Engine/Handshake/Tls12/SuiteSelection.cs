using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls12;

/// <summary>The key and the scheme that a server selected. The suite is stored in the connection's state.</summary>
/// <param name="Key">The key with its certificate; null if the suite has no certificate.</param>
/// <param name="Scheme">The signature scheme; null before TLS 1.2, and if nothing is signed.</param>
internal readonly record struct Choice(CertifiedKey? Key, int? Scheme);

/// <summary>Selects the suite of TLS 1.2 or earlier, with its group and its key (RFC 5246 section 7.4.1.3, RFC 8422 section 5.1).</summary>
/// <param name="state">Receives the suite and the group.</param>
/// <param name="hello">The ClientHello.</param>
internal sealed class SuiteSelection(HandshakeState state, ReceivedHello hello)
{
    private int? _curve;

    // RFC 5246 section 7.4.1.4.1: a client without signature_algorithms supports SHA-1.
    private int[] Schemes => hello.Schemes ?? SupportedAlgorithms.LegacySchemes;

    private CertifiedKey[] Keys => state.Settings.Credentials.Keys;

    /// <summary>Selects the best usable common suite.</summary>
    /// <exception cref="FatalAlertException">There is no usable common suite, or no signature scheme for it.</exception>
    public Choice Choose()
    {
        foreach (int shared in Negotiation.SharedGroups(state, hello.Groups))
        {
            if (NamedGroup.IsCurve(shared) && NamedGroup.IsDefinedIn(shared, state.Version))
            {
                _curve = shared;
                break;
            }
        }

        CipherSuiteInfo suite = Suite() ?? throw state.Fail("NO_SHARED_CIPHER", AlertDescription.handshake_failure);
        state.Cipher = suite;
        if (suite.Kx is "ECDH" or "ECDHEPSK")
        {
            state.Group = _curve!.Value;
        }

        if (!suite.HasCertificate)
        {
            return default;
        }

        if (state.Version < ProtocolVersion.TLSv12 && !SupportedAlgorithms.AllowsLegacySignatures(state.Settings.Credentials))
        {
            throw state.Fail("NO_SUITABLE_SIGNATURE_ALGORITHM", AlertDescription.internal_error);
        }

        return suite.HasSignedKeyExchange ? Signer(suite) : Decryptor();
    }

    private CipherSuiteInfo? Suite()
    {
        int[] own = SuiteChoice.Prioritized(state.Settings, state.Derived.ServerSuites, hello.Suites);
        (int[] ordered, int[] other) = SupportedAlgorithms.PrefersOwn(state.Settings) ? (own, hello.Suites) : (hello.Suites, own);
        foreach (int id in ordered)
        {
            if (other.Contains(id) && CipherSuites.ById(id) is { } suite && suite.IsDefinedIn(state.Version) && HasGroupFor(suite) && HasCredentialsFor(suite))
            {
                return suite;
            }
        }

        return null;
    }

    // Like Python's ssl over OpenSSL, DHE requires DH parameters loaded by the application.
    private bool HasGroupFor(CipherSuiteInfo suite) => suite.Kx switch
    {
        "ECDH" or "ECDHEPSK" => _curve is not null,
        "DH" or "DHEPSK" => state.Settings.Credentials.DhParameters is not null,
        _ => true,
    };

    private bool HasCredentialsFor(CipherSuiteInfo suite)
        => (!suite.IsPsk || state.Settings.MayHaveServerPsk)
            && (!suite.HasCertificate || Array.Exists(Keys, key => Authenticates(key.Key.Kind, suite) && IsUsable(key)));

    private static bool Authenticates(KeyKind kind, CipherSuiteInfo suite) => (suite.Au, suite.HasSignedKeyExchange) switch
    {
        ("ECDSA", _) => kind is KeyKind.Ec or KeyKind.Ed25519 or KeyKind.Ed448,
        (_, true) => kind is KeyKind.Rsa or KeyKind.RsaPss,
        _ => kind == KeyKind.Rsa,
    };

    // RFC 5246 section 7.4.2, RFC 8422 section 5.1. Like OpenSSL, do not check the client's signature schemes for an RSA key.
    private bool IsUsable(CertifiedKey key) => key.Key.Kind switch
    {
        KeyKind.Rsa => true,
        KeyKind.Ec => KnowsCurve(key) && MaySign(key) && (state.Version < ProtocolVersion.TLSv12 || SignsBySharedScheme(key)),
        _ => state.Version == ProtocolVersion.TLSv12 && SignsBySharedScheme(key),
    };

    private bool KnowsCurve(CertifiedKey key)
        => (hello.Groups?.Contains(GroupNames.OfCurve(key.Key.CurveOid)) ?? true) && hello.TakesUncompressedPoints;

    private static bool MaySign(CertifiedKey key)
        => key.Chain[0].Extensions.KeyUsage is not { } usage || (usage & KeyUsages.DigitalSignature) != 0;

    private bool SignsBySharedScheme(CertifiedKey key)
    {
        foreach (int scheme in state.Derived.SignatureSchemes(ofClient: false, state.Version))
        {
            if (SupportedAlgorithms.Fits(key.Key, scheme, tls13: false) && Schemes.Contains(scheme))
            {
                return true;
            }
        }

        return false;
    }

    private Choice Signer(CipherSuiteInfo suite)
    {
        (CertifiedKey key, int? scheme) = Credentials.Choose(state, Keys.Where(key => Authenticates(key.Key.Kind, suite) && IsUsable(key)), Schemes, state.Version, hello.CertificateSchemes)
            ?? throw state.Fail("NO_SUITABLE_SIGNATURE_ALGORITHM", AlertDescription.handshake_failure);
        return new Choice(key, scheme);
    }

    private Choice Decryptor()
    {
        // RSA key exchange signs nothing, but OpenSSL requires a common scheme all the same.
        CertifiedKey key = Keys.First(candidate => candidate.Key.Kind == KeyKind.Rsa);
        _ = Credentials.Choose(state, [key], Schemes, state.Version, hello.CertificateSchemes)
            ?? throw state.Fail("NO_SUITABLE_SIGNATURE_ALGORITHM", AlertDescription.handshake_failure);
        state.OwnSignature = null;
        return new Choice(key, null);
    }
}
