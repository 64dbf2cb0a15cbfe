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
        int[]? versions = SupportedVersions.ReadOffered(state, extensions, legacyVersion);
        var hello = new ReceivedHello
        {
            Random = random,
            SessionId = session,
            Extensions = extensions,
            LegacyVersion = legacyVersion,
            Versions = versions,
        };
        state.ClientHello = hello;
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
            Groups = SupportedGroups.Read(state, extensions),
            Schemes = SignatureAlgorithms.Read(state, extensions),
            CertificateSchemes = SignatureAlgorithms.ReadForCertificates(state, extensions),
        };
        state.ClientHello = hello;
        if (version == ProtocolVersion.TLSv13)
        {
            CheckTls13(hello);
        }
        else
        {
            ExtendedMasterSecret.CheckClient(state, extensions);
            hello = hello with { TakesUncompressedPoints = PointFormats.TakesUncompressed(state, extensions) };
        }

        SignatureAlgorithms.CheckShared(state, version, hello.Schemes);

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
        KeyShares.CheckClient(state, hello.Extensions, hello.Groups, isRetry);
        CertificateAuthorities.Check(state, hello.Extensions);
        NoteEarlyData(hello.Extensions);
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
}
