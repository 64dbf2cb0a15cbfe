namespace SslModule.Engine.Context;

/// <summary>
/// The settings that a connection copies from its context when it is created, like OpenSSL's SSL_new. Later changes of the context,
/// or another context, affect only <see cref="Credentials"/> and may make <see cref="Verification"/> stricter. Trust, ciphers, a
/// server's ALPN protocols and the callbacks are not copied; they are read from the current context.
/// </summary>
internal sealed record ConnectionSettings
{
    /// <summary>The minimum and the maximum version, as wire numbers.</summary>
    public required (int Oldest, int Newest) Versions { get; init; }

    /// <summary>The option bits.</summary>
    public required TlsOptions Options { get; init; }

    /// <summary>How the peer's certificate is verified.</summary>
    public required VerificationPolicy Verification { get; init; }

    /// <summary>Keys and signature settings. Another context replaces them as a whole.</summary>
    public required CredentialSettings Credentials { get; init; }

    /// <summary>The key-exchange groups; null for the default ones.</summary>
    public required GroupList? Groups { get; init; }

    /// <summary>On a client: the offered ALPN protocols.</summary>
    public required IReadOnlyList<byte[]> OfferedProtocols { get; init; }

    /// <summary>On a client: whether it offers post-handshake authentication.</summary>
    public required bool OffersPostHandshakeAuth { get; init; }

    /// <summary>On a client: whether it requests an OCSP response.</summary>
    public required bool AsksForOcspResponse { get; init; }

    /// <summary>On a client: whether it sends TLS_FALLBACK_SCSV (RFC 7507).</summary>
    public required bool SendsFallbackScsv { get; init; }

    /// <summary>On a client: the requested max_fragment_length in bytes; null for none.</summary>
    public required int? MaxFragmentLength { get; init; }

    /// <summary>On a client: the requested record_size_limit in bytes; null for none.</summary>
    public required int? RecordSizeLimit { get; init; }

    /// <summary>On a client: whether a PSK callback is set.</summary>
    public required bool MayHaveClientPsk { get; init; }

    /// <summary>On a server: whether a PSK callback is set.</summary>
    public required bool MayHaveServerPsk { get; init; }

    /// <summary>On a TLS 1.3 server: the number of tickets to send after a handshake.</summary>
    public required long Tickets { get; init; }

    /// <summary>The settings of a new connection.</summary>
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

    /// <summary>Whether an option is set.</summary>
    public bool Has(TlsOptions option) => (Options & option) != 0;

    /// <summary>
    /// The settings after another context was set: its credentials are used, and where its verification is stricter, the peer must
    /// satisfy both. OpenSSL would ignore the stricter verification.
    /// </summary>
    public ConnectionSettings WithContext(TlsContext other)
        => this with { Verification = Verification.And(VerificationPolicy.Of(other)), Credentials = other.Credentials };
}
