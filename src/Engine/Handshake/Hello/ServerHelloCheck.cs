using SslModule.Engine.Ciphers;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>Reads and checks a ServerHello in OpenSSL's order, so that errors have OpenSSL's reason and alert.</summary>
/// <param name="state">Records the failure.</param>
/// <param name="offer">The ClientHello.</param>
/// <param name="hasShare">Whether the ClientHello has a key share of a group.</param>
internal sealed class ServerHelloCheck(HandshakeState state, OfferedHello offer, Predicate<int> hasShare)
{
    private const int MaxSessionTimeout = 32;

    /// <summary>Reads and checks the message; throws the result of <see cref="HandshakeState.Fail(Errors.TlsError)"/> for the first error.</summary>
    /// <param name="body">The message without its header; the result refers to it.</param>
    public ReceivedServerHello Check(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        if (!reader.TryNumber(2, out int legacyVersion) || !reader.TryTake(32, out ReadOnlyMemory<byte> random)
            || !reader.TryVector(1, out ReadOnlyMemory<byte> session))
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        if (session.Length > MaxSessionTimeout)
        {
            throw state.Fail("SSL3_SESSION_ID_TOO_LONG", AlertDescription.illegal_parameter);
        }

        if (!reader.TryNumber(2, out int suite) || !reader.TryNumber(1, out int compression))
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions = HelloExtensions.Read(state, reader.Rest, "BAD_LENGTH");
        bool isRetry = random.Span.SequenceEqual(HandshakeMessages.RetryRandom);
        int version = isRetry ? ProtocolVersion.TLSv13 : Version(legacyVersion, extensions, random.Span);
        if (version == ProtocolVersion.TLSv13)
        {
            CheckTls13(legacyVersion, session.Span, compression, extensions, isRetry);
        }

        if (version < ProtocolVersion.TLSv13 && (extensions.ContainsKey(ExtensionType.key_share) || extensions.ContainsKey(ExtensionType.pre_shared_key)))
        {
            throw state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
        }

        CheckSuite(version, suite);
        if (version < ProtocolVersion.TLSv13)
        {
            CheckLegacy(compression, extensions);
        }

        return new ReceivedServerHello(version, random, session, suite, isRetry, extensions);
    }

    private int Version(int legacyVersion, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, ReadOnlySpan<byte> random)
    {
        int version = SupportedVersions.ReadChosen(state, extensions, legacyVersion);
        state.SelectedVersion = version;
        int[] offered = offer.Versions;
        if (!offered.Contains(version))
        {
            throw state.Fail("UNSUPPORTED_PROTOCOL", AlertDescription.protocol_version);
        }

        // RFC 8446 section 4.1.3: downgrade protection. Like OpenSSL, either marker is rejected for any lower version.
        if (version < offered[0] && (random.EndsWith("DOWNGRD\u0001"u8) || random.EndsWith("DOWNGRD\0"u8)))
        {
            throw state.Fail("INAPPROPRIATE_FALLBACK", AlertDescription.illegal_parameter);
        }

        return version;
    }

    private void CheckTls13(int legacyVersion, ReadOnlySpan<byte> session, int compression, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, bool isRetry)
    {
        if (compression != 0)
        {
            throw state.Fail("INVALID_COMPRESSION_ALGORITHM", AlertDescription.illegal_parameter);
        }

        if (!session.SequenceEqual(offer.SessionId))
        {
            throw state.Fail("INVALID_SESSION_ID", AlertDescription.illegal_parameter);
        }

        if (legacyVersion != ProtocolVersion.TLSv12)
        {
            throw state.Fail("BAD_LEGACY_VERSION", AlertDescription.illegal_parameter);
        }

        if (isRetry)
        {
            return;
        }

        foreach (ExtensionType type in extensions.Keys.Where(type => type is not (ExtensionType.pre_shared_key or ExtensionType.supported_versions or ExtensionType.key_share)))
        {
            throw HelloExtensions.IsKnown(type)
                ? state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter)
                : state.Fail("UNSOLICITED_EXTENSION", AlertDescription.unsupported_extension);
        }

        KeyShares.CheckServer(state, extensions, hasShare);
    }

    private void CheckSuite(int version, int suite)
    {
        if (CipherSuites.ById(suite) is not { } known)
        {
            throw state.Fail("UNKNOWN_CIPHER_RETURNED", AlertDescription.illegal_parameter);
        }

        if (!offer.CipherSuites.Contains(suite) || known.IsTls13 != (version == ProtocolVersion.TLSv13))
        {
            throw state.Fail("WRONG_CIPHER_RETURNED", AlertDescription.illegal_parameter);
        }
    }

    private void CheckLegacy(int compression, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (compression != 0)
        {
            throw state.Fail("COMPRESSION_DISABLED", AlertDescription.illegal_parameter);
        }

        RenegotiationInfo.CheckServer(state, extensions);
    }
}
