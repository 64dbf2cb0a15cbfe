using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>A decoded and checked ClientHello (RFC 8446 section 4.1.2). It refers to the message buffer, which is valid only while the message is processed.</summary>
internal sealed record ReceivedHello
{
    /// <summary>The client's random.</summary>
    public required ReadOnlyMemory<byte> Random { get; init; }

    /// <summary>The legacy_session_id.</summary>
    public required ReadOnlyMemory<byte> SessionId { get; init; }

    /// <summary>The legacy_version.</summary>
    public required int LegacyVersion { get; init; }

    /// <summary>The versions of supported_versions; null without it.</summary>
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

    /// <summary>False for a client without TLS 1.3 whose ec_point_formats does not contain the uncompressed format.</summary>
    public bool TakesUncompressedPoints { get; init; } = true;

    /// <summary>Selects the highest common version.</summary>
    /// <exception cref="FatalAlertException">There is no common version.</exception>
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
