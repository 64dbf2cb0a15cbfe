using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>Reads and checks a ClientHello in OpenSSL's order, so that errors have OpenSSL's reason and alert.</summary>
internal sealed class ClientHelloCheck(HandshakeState state, bool isRetry)
{
    /// <summary>The length of legacy_version and random, which start a ClientHello.</summary>
    public const int FixedLength = 2 + 32;

    private const int MaxSessionTimeout = 32;

    /// <summary>Reads and checks the message; throws the result of <see cref="HandshakeState.Fail(Errors.TlsError)"/> for the first error.</summary>
    /// <param name="body">The message without its header; the result refers to it.</param>
    public ReceivedHello Check(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        if (!reader.TryNumber(2, out int legacyVersion))
        {
            throw state.Fail("LENGTH_TOO_SHORT", AlertDescription.decode_error);
        }

        if (!reader.TryTake(32, out ReadOnlyMemory<byte> random)
            || !reader.TryVector(1, out ReadOnlyMemory<byte> session) || session.Length > MaxSessionTimeout
            || !reader.TryVector(2, out ReadOnlyMemory<byte> suites) || !reader.TryVector(1, out ReadOnlyMemory<byte> compression))
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions = HelloExtensions.Read(state, reader.Rest, "LENGTH_MISMATCH", out ExtensionType? last);
        int[]? versions = Versions(legacyVersion, extensions);
        var hello = new ReceivedHello
        {
            Random = random,
            SessionId = session,
            Extensions = extensions,
            LegacyVersion = legacyVersion,
            Versions = versions,
        };
        int version = hello.BestVersion(state);
        state.OfferedVersion = legacyVersion;
        state.HelloRecordVersion = Math.Min(version, ProtocolVersion.TLSv12);
        CheckSuites(suites);
        int[] listed = WireReader.Numbers(suites);
        CheckFallback(version, listed);
        CheckCompression(version, compression.Span);
        RenegotiationInfo.CheckClient(state, extensions);
        hello = hello with
        {
            Suites = listed,
            Groups = List(extensions, ExtensionType.supported_groups),
            Schemes = List(extensions, ExtensionType.signature_algorithms),
            CertificateSchemes = List(extensions, ExtensionType.signature_algorithms_cert),
        };
        if (version == ProtocolVersion.TLSv13)
        {
            CheckTls13(hello);
        }
        else
        {
            hello = hello with { TakesUncompressedPoints = TakesUncompressedPoints(extensions) };
        }

        if (version >= ProtocolVersion.TLSv12 && hello.Schemes is not null && !Array.Exists(state.Derived.SignatureSchemes(ofClient: false), hello.Schemes.Contains))
        {
            throw state.Fail("NO_SHARED_SIGNATURE_ALGORITHMS", AlertDescription.handshake_failure);
        }

        // RFC 8446 section 4.2.11: pre_shared_key must be last, because its binders cover everything before them.
        if (last != ExtensionType.pre_shared_key && extensions.ContainsKey(ExtensionType.pre_shared_key))
        {
            throw state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
        }

        return hello;
    }

    /// <summary>Checks the requirements of TLS 1.3.</summary>
    private void CheckTls13(ReceivedHello hello)
    {
        CheckSuitesOfTls13(hello.Suites);
        CheckKeyShare(hello.Extensions, hello.Groups);
        NoteEarlyData(hello.Extensions);
    }

    private int[]? Versions(int legacyVersion, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (!extensions.TryGetValue(ExtensionType.supported_versions, out ReadOnlyMemory<byte> data))
        {
            return legacyVersion >= ProtocolVersion.SSLv3 ? null : throw state.Fail("VERSION_TOO_LOW", AlertDescription.protocol_version);
        }

        if (legacyVersion <= ProtocolVersion.SSLv3)
        {
            throw state.Fail("BAD_LEGACY_VERSION", AlertDescription.protocol_version);
        }

        return new WireReader(data).TryNumbers(1, out int[] offered) ? offered : throw state.Fail("LENGTH_MISMATCH", AlertDescription.protocol_version);
    }

    private void CheckSuites(ReadOnlyMemory<byte> suites)
    {
        if (suites.Length == 0)
        {
            throw state.Fail("NO_CIPHERS_SPECIFIED", AlertDescription.illegal_parameter);
        }

        if (suites.Length % 2 != 0)
        {
            throw state.Fail("ERROR_IN_RECEIVED_CIPHER_LIST", AlertDescription.decode_error);
        }
    }

    // RFC 7507 section 3: rejects a fallback to a lower version than the server supports.
    private void CheckFallback(int version, int[] suites)
    {
        if (version < state.Derived.ServerVersions[0] && suites.Contains(CipherSuite.TLS_FALLBACK_SCSV))
        {
            throw state.Fail("INAPPROPRIATE_FALLBACK", AlertDescription.inappropriate_fallback);
        }
    }

    private void CheckCompression(int version, ReadOnlySpan<byte> methods)
    {
        if (methods.IsEmpty || (version < ProtocolVersion.TLSv13 && !methods.Contains((byte)0)))
        {
            throw state.Fail("NO_COMPRESSION_SPECIFIED", AlertDescription.decode_error);
        }

        if (version == ProtocolVersion.TLSv13 && !methods.SequenceEqual((ReadOnlySpan<byte>)[0]))
        {
            throw state.Fail("INVALID_COMPRESSION_ALGORITHM", AlertDescription.illegal_parameter);
        }
    }

    private void CheckSuitesOfTls13(int[] suites)
    {
        int[] own = state.Derived.ServerSuites13;
        if (!Array.Exists(suites, own.Contains))
        {
            throw state.Fail("NO_SHARED_CIPHER", AlertDescription.handshake_failure);
        }
    }

    // Not called for TLS 1.3, which ignores these extensions.
    private bool TakesUncompressedPoints(Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        ReadOnlyMemory<byte>? formats = null;
        bool isMalformed = extensions.TryGetValue(ExtensionType.extended_master_secret, out ReadOnlyMemory<byte> content) && !content.IsEmpty;
        if (extensions.TryGetValue(ExtensionType.ec_point_formats, out ReadOnlyMemory<byte> data))
        {
            var reader = new WireReader(data);
            formats = reader.TryVector(1, out ReadOnlyMemory<byte> listed) && reader.Rest.IsEmpty ? listed : default(ReadOnlyMemory<byte>);
        }

        return isMalformed || formats is { IsEmpty: true }
            ? throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error)
            : formats?.Span.Contains((byte)ECPointFormat.uncompressed) ?? true;
    }

    private void NoteEarlyData(Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (isRetry)
        {
            state.EarlyData.End();
        }
        else if (extensions.TryGetValue(ExtensionType.early_data, out ReadOnlyMemory<byte> data))
        {
            state.EarlyData.Offered(data);
        }
    }

    private int[]? List(Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, ExtensionType type)
    {
        if (!extensions.TryGetValue(type, out ReadOnlyMemory<byte> data))
        {
            return null;
        }

        return new WireReader(data).TryNumbers(2, out int[] numbers) ? numbers : throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
    }

    private void CheckKeyShare(Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int[]? groups)
    {
        bool sent = extensions.TryGetValue(ExtensionType.key_share, out ReadOnlyMemory<byte> data);
        if (sent)
        {
            CheckShares(data, groups ?? throw state.Fail("MISSING_SUPPORTED_GROUPS_EXTENSION", AlertDescription.missing_extension));
        }

        if (!sent || !Negotiation.SharedGroups(state, groups).Any(SupportedAlgorithms.IsTls13Group))
        {
            throw state.Fail("NO_SUITABLE_KEY_SHARE", sent ? AlertDescription.handshake_failure : AlertDescription.missing_extension);
        }
    }

    private void CheckShares(ReadOnlyMemory<byte> data, int[] groups)
    {
        var reader = new WireReader(data);
        if (!reader.TryVector(2, out ReadOnlyMemory<byte> list) || reader.Rest.Length > 0)
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        reader = new WireReader(list);
        while (reader.Rest.Length > 0)
        {
            if (!reader.TryNumber(2, out int group) || !reader.TryVector(2, out ReadOnlyMemory<byte> value) || value.IsEmpty)
            {
                throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
            }

            // Points must be uncompressed (RFC 8446 section 4.2.8.2), and hybrid shares must have the right length.
            if (HelloExtensions.IsMalformedShare(group, value.Span, ofClient: true))
            {
                throw state.Fail("BAD_ECPOINT", AlertDescription.illegal_parameter);
            }

            // After a HelloRetryRequest, only the requested group is allowed.
            if (!isRetry && !groups.Contains(group))
            {
                throw state.Fail("BAD_KEY_SHARE", AlertDescription.illegal_parameter);
            }
        }
    }
}
