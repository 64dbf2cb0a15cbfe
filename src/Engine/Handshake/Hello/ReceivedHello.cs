using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>A ClientHello that was checked (RFC 8446 section 4.1.2). It looks at the message it came in, which is gone when that was handled.</summary>
internal sealed record ReceivedHello
{
    /// <summary>The client's random.</summary>
    public required ReadOnlyMemory<byte> Random { get; init; }

    /// <summary>The legacy_session_id.</summary>
    public required ReadOnlyMemory<byte> SessionId { get; init; }

    /// <summary>The legacy_version.</summary>
    public required int LegacyVersion { get; init; }

    /// <summary>What supported_versions lists; null without it.</summary>
    public required int[]? Versions { get; init; }

    /// <summary>The extensions.</summary>
    public required Dictionary<ExtensionType, ReadOnlyMemory<byte>> Extensions { get; init; }

    /// <summary>The suites, in the client's order.</summary>
    public int[] Suites { get; init; } = [];

    /// <summary>The groups of supported_groups; null without it.</summary>
    public int[]? Groups { get; init; }

    /// <summary>The schemes of signature_algorithms; null without it.</summary>
    public int[]? Schemes { get; init; }

    /// <summary>The schemes of signature_algorithms_cert; null without it.</summary>
    public int[]? CertificateSchemes { get; init; }

    /// <summary>False for a client before TLS 1.3 whose ec_point_formats leave out the uncompressed form.</summary>
    public bool TakesUncompressedPoints { get; init; } = true;

    /// <summary>The best version that both ends have.</summary>
    /// <exception cref="FatalAlertException">There is none.</exception>
    public int BestVersion(HandshakeState state)
    {
        foreach (int enabled in state.Derived.ServerVersions)
        {
            if (Offers(enabled))
            {
                return enabled;
            }
        }

        state.HelloRecordVersion = LegacyVersion == ProtocolVersion.TLSv13 ? ProtocolVersion.TLSv12 : LegacyVersion;
        throw state.Fail(state.Context.HasVersionRange ? "UNSUPPORTED_PROTOCOL" : "WRONG_SSL_VERSION", AlertDescription.protocol_version);
    }

    private bool Offers(int version) => Versions?.Contains(version) ?? version <= Math.Min(LegacyVersion, ProtocolVersion.TLSv12);
}
