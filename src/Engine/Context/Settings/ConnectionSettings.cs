namespace SslModule.Engine.Context;

/// <summary>
/// What a connection takes from its context when it is made, and keeps: neither a change of the context nor another context
/// in its place moves any of it but <see cref="Credentials"/>. It is what OpenSSL's SSL_new copies. Trust, ciphers, a server's ALPN
/// and the callbacks are not here: they are the context's that is in force.
/// </summary>
internal sealed record ConnectionSettings
{
    /// <summary>The oldest and the newest version, as wire numbers.</summary>
    public required (int Oldest, int Newest) Versions { get; init; }

    /// <summary>The option bits.</summary>
    public required TlsOptions Options { get; init; }

    /// <summary>What is asked of the peer's certificate.</summary>
    public required VerificationPolicy Verification { get; init; }

    /// <summary>Keys and what judges keys. Another context replaces them as a whole.</summary>
    public required CredentialSettings Credentials { get; init; }

    /// <summary>The key-exchange groups; null for the default ones.</summary>
    public required GroupList? Groups { get; init; }

    /// <summary>On a client: the protocols that it offers by ALPN.</summary>
    public required IReadOnlyList<byte[]> OfferedProtocols { get; init; }

    /// <summary>On a client: whether it offers post-handshake authentication.</summary>
    public required bool OffersPostHandshakeAuth { get; init; }

    /// <summary>On a client: whether it asks for an OCSP response.</summary>
    public required bool AsksForOcspResponse { get; init; }

    /// <summary>On a client: whether its hello is marked as a retry (RFC 7507).</summary>
    public required bool SendsFallbackScsv { get; init; }

    /// <summary>On a client: how much the server may put into a record; null to ask for nothing.</summary>
    public required int? MaxFragmentLength { get; init; }

    /// <summary>The same by record_size_limit.</summary>
    public required int? RecordSizeLimit { get; init; }

    /// <summary>On a client: whether the application may have a pre-shared key.</summary>
    public required bool MayHaveClientPsk { get; init; }

    /// <summary>On a server: the same.</summary>
    public required bool MayHaveServerPsk { get; init; }

    /// <summary>On a server of TLS 1.3: how many tickets it sends after a handshake.</summary>
    public required long Tickets { get; init; }

    /// <summary>What a connection takes that is made now.</summary>
    public static ConnectionSettings Of(TlsContext context) => new()
    {
        Versions = context.VersionRange,
        Options = (TlsOptions)context.Options,
        Verification = VerificationPolicy.Of(context),
        Credentials = context.Credentials,
        Groups = context.Groups,
        OfferedProtocols = context.AlpnProtocols,
        OffersPostHandshakeAuth = context.PostHandshakeAuth,
        AsksForOcspResponse = context.RequestOcspResponse,
        SendsFallbackScsv = context.SendFallbackScsv,
        MaxFragmentLength = context.MaxFragmentLength,
        RecordSizeLimit = context.RecordSizeLimit,
        MayHaveClientPsk = context.PskClientCallback is not null,
        MayHaveServerPsk = context.PskServerCallback is not null,
        Tickets = context.NumTickets,
    };

    /// <summary>True when an option is on.</summary>
    public bool Has(TlsOptions option) => (Options & option) != 0;

    /// <summary>
    /// The same under another context, with its credentials. It lowers nothing; where it asks for more of the peer's certificate
    /// than the first, which OpenSSL would pass over, the peer must satisfy both.
    /// </summary>
    public ConnectionSettings WithContext(TlsContext other)
        => this with { Verification = Verification.And(VerificationPolicy.Of(other)), Credentials = other.Credentials };
}
