using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <summary>
/// A server's look at a Client Hello before BouncyCastle's: in OpenSSL's order, so that what is wrong gets OpenSSL's reason
/// and alert. What is right is left to BouncyCastle.
/// </summary>
internal sealed class ClientHelloCheck(HandshakeState state, bool isRetry)
{
    private const int LongestSession = 32;

    /// <summary>Throws what <see cref="HandshakeState.Fail(Errors.TlsError)"/> gives for the first thing that is wrong.</summary>
    public void Check(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        if (!reader.TryNumber(2, out int legacyVersion) || !reader.TryTake(32, out _)
            || !reader.TryVector(1, out ReadOnlyMemory<byte> session) || session.Length > LongestSession
            || !reader.TryVector(2, out ReadOnlyMemory<byte> suites) || !reader.TryVector(1, out ReadOnlyMemory<byte> compression))
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        Dictionary<int, ReadOnlyMemory<byte>> extensions = HelloExtensions.Read(state, reader.Rest, "LENGTH_MISMATCH");
        int version = Version(legacyVersion, extensions);
        CheckSuites(suites);
        CheckCompression(version, compression.Span);
        RenegotiationInfo.Check(state, extensions, AlertDescription.handshake_failure);
        int[]? groups = List(extensions, ExtensionType.supported_groups);
        int[]? schemes = List(extensions, ExtensionType.signature_algorithms);
        if (version == 0x0304)
        {
            CheckSuitesOfTls13(suites);
            CheckKeyShare(extensions, groups);
        }

        if (version >= 0x0303 && schemes is not null && !Array.Exists(state.Context.Prepared.SignatureSchemes(ofClient: false), schemes.Contains))
        {
            throw state.Fail("NO_SHARED_SIGNATURE_ALGORITHMS", AlertDescription.handshake_failure);
        }
    }

    private int Version(int legacyVersion, Dictionary<int, ReadOnlyMemory<byte>> extensions)
    {
        ProtocolVersion[] enabled = state.Context.Prepared.ServerVersions;
        Func<int, bool> offers;
        if (extensions.TryGetValue(ExtensionType.supported_versions, out ReadOnlyMemory<byte> data))
        {
            if (legacyVersion <= 0x0300)
            {
                throw state.Fail("BAD_LEGACY_VERSION", AlertDescription.protocol_version);
            }

            if (!new WireReader(data).TryNumbers(1, out int[] offered))
            {
                throw state.Fail("LENGTH_MISMATCH", AlertDescription.protocol_version);
            }

            offers = offered.Contains;
        }
        else
        {
            if (legacyVersion < 0x0300)
            {
                throw state.Fail("VERSION_TOO_LOW", AlertDescription.protocol_version);
            }

            offers = version => version <= Math.Min(legacyVersion, 0x0303);
        }

        return enabled.FirstOrDefault(version => offers(version.FullVersion))?.FullVersion
            ?? throw state.Fail("UNSUPPORTED_PROTOCOL", AlertDescription.protocol_version);
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

    private void CheckCompression(int version, ReadOnlySpan<byte> methods)
    {
        if (methods.IsEmpty || (version < 0x0304 && !methods.Contains((byte)0)))
        {
            throw state.Fail("NO_COMPRESSION_SPECIFIED", AlertDescription.decode_error);
        }

        if (version == 0x0304 && !methods.SequenceEqual((ReadOnlySpan<byte>)[0]))
        {
            throw state.Fail("INVALID_COMPRESSION_ALGORITHM", AlertDescription.illegal_parameter);
        }
    }

    private void CheckSuitesOfTls13(ReadOnlyMemory<byte> suites)
    {
        int[] own = state.Context.Prepared.ServerSuites13;
        if (!Array.Exists(WireReader.Numbers(suites), own.Contains))
        {
            throw state.Fail("NO_SHARED_CIPHER", AlertDescription.handshake_failure);
        }
    }

    private int[]? List(Dictionary<int, ReadOnlyMemory<byte>> extensions, int type)
    {
        if (!extensions.TryGetValue(type, out ReadOnlyMemory<byte> data))
        {
            return null;
        }

        return new WireReader(data).TryNumbers(2, out int[] numbers) ? numbers : throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
    }

    private void CheckKeyShare(Dictionary<int, ReadOnlyMemory<byte>> extensions, int[]? groups)
    {
        bool sent = extensions.TryGetValue(ExtensionType.key_share, out ReadOnlyMemory<byte> data);
        if (sent)
        {
            CheckShares(data, groups ?? throw state.Fail("MISSING_SUPPORTED_GROUPS_EXTENSION", AlertDescription.missing_extension));
        }

        if (!sent || !SupportedAlgorithms.SharedGroups(state.Context, groups).Any(SupportedAlgorithms.IsTls13Group))
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

            // Whoever computes with a hybrid's share takes it apart first.
            if (HelloExtensions.HybridShareLength(group, ofClient: true) is { } length && length != value.Length)
            {
                throw state.Fail("BAD_ECPOINT", AlertDescription.illegal_parameter);
            }

            // After a Hello Retry Request BouncyCastle looks for the group that was asked for.
            if (!isRetry && !groups.Contains(group))
            {
                throw state.Fail("BAD_KEY_SHARE", AlertDescription.illegal_parameter);
            }
        }
    }
}
