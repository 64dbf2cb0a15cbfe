using SslModule.Engine.Context;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The key_share extension (RFC 8446 section 4.2.8).</summary>
internal static class KeyShares
{
    /// <summary>Writes a client's key shares.</summary>
    public static void WriteClient(WireWriter writer, List<(int Group, KeyShare Share)> shares, ByteBuffer buffer)
    {
        int list = writer.Open(2);
        foreach ((int group, KeyShare share) in shares)
        {
            writer.Number(2, group);
            int value = writer.Open(2);
            share.WritePublicValue(buffer);
            writer.Close(2, value);
        }

        writer.Close(2, list);
    }

    /// <summary>Writes the group for which a HelloRetryRequest asks.</summary>
    public static void WriteRetryRequest(WireWriter writer, int group)
    {
        writer.Extension(ExtensionType.key_share);
        writer.Number(2, 2);
        writer.Number(2, group);
    }

    /// <summary>Checks a client's extension.</summary>
    /// <param name="state">Records the failure.</param>
    /// <param name="extensions">The client's extensions.</param>
    /// <param name="groups">Its groups; null if it sent none.</param>
    /// <param name="isRetry">Whether this is the answer to a HelloRetryRequest, in which only the requested group is allowed.</param>
    /// <exception cref="FatalAlertException">The extension is malformed, or no group is shared.</exception>
    public static void CheckClient(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, int[]? groups, bool isRetry)
    {
        bool sent = extensions.TryGetValue(ExtensionType.key_share, out ReadOnlyMemory<byte> data);
        if (sent)
        {
            CheckShares(state, data, groups ?? throw state.Fail("MISSING_SUPPORTED_GROUPS_EXTENSION", AlertDescription.missing_extension), isRetry);
        }

        if (!sent || !Negotiation.SharedGroups(state, groups).Any(SupportedAlgorithms.IsTls13Group))
        {
            throw state.Fail("NO_SUITABLE_KEY_SHARE", sent ? AlertDescription.handshake_failure : AlertDescription.missing_extension);
        }
    }

    /// <summary>Checks a ServerHello's extension.</summary>
    /// <param name="state">Records the failure.</param>
    /// <param name="extensions">The server's extensions.</param>
    /// <param name="hasShare">Whether the ClientHello has a key share of a group.</param>
    /// <exception cref="FatalAlertException">It is absent, malformed, or of another group.</exception>
    public static void CheckServer(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, Predicate<int> hasShare)
    {
        if (!extensions.TryGetValue(ExtensionType.key_share, out ReadOnlyMemory<byte> data))
        {
            throw state.Fail("NO_SUITABLE_KEY_SHARE", AlertDescription.missing_extension);
        }

        var reader = new WireReader(data);
        if (!reader.TryNumber(2, out int group) || !reader.TryVector(2, out ReadOnlyMemory<byte> value) || reader.Rest.Length > 0)
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        if (!hasShare(group))
        {
            throw state.Fail("BAD_KEY_SHARE", AlertDescription.illegal_parameter);
        }

        if (IsMalformed(group, value.Span, ofClient: false))
        {
            throw state.Fail("BAD_ECPOINT", AlertDescription.illegal_parameter);
        }
    }

    /// <summary>Reads the group for which a HelloRetryRequest asks; null if it asks for none.</summary>
    /// <param name="state">Records the failure.</param>
    /// <param name="extensions">The server's extensions.</param>
    /// <param name="hasShare">Whether the ClientHello has a key share of a group.</param>
    /// <exception cref="FatalAlertException">The extension is malformed, or the group was not offered or already has a share.</exception>
    public static int? ReadRetryRequest(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, Predicate<int> hasShare)
    {
        if (!extensions.TryGetValue(ExtensionType.key_share, out ReadOnlyMemory<byte> data))
        {
            return null;
        }

        var reader = new WireReader(data);
        if (!reader.TryNumber(2, out int group) || !reader.Rest.IsEmpty)
        {
            throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        bool may = state.Derived.ClientGroups.Contains(group) && SupportedAlgorithms.IsTls13Group(group) && !hasShare(group);
        return may ? group : throw state.Fail("BAD_KEY_SHARE", AlertDescription.illegal_parameter);
    }

    /// <summary>The key share of a group in a client's well-formed extension; null for none.</summary>
    public static ReadOnlyMemory<byte>? Find(ReadOnlyMemory<byte> extension, int group)
    {
        for (var reader = new WireReader(extension[2..]); reader.TryNumber(2, out int shared) && reader.TryVector(2, out ReadOnlyMemory<byte> value);)
        {
            if (shared == group)
            {
                return value;
            }
        }

        return null;
    }

    private static void CheckShares(HandshakeState state, ReadOnlyMemory<byte> data, int[] groups, bool isRetry)
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

            // Points must be uncompressed (section 4.2.8.2), and hybrid shares must have the right length.
            if (IsMalformed(group, value.Span, ofClient: true))
            {
                throw state.Fail("BAD_ECPOINT", AlertDescription.illegal_parameter);
            }

            if (!isRetry && !groups.Contains(group))
            {
                throw state.Fail("BAD_KEY_SHARE", AlertDescription.illegal_parameter);
            }
        }
    }

    // Groups without a known format are not checked.
    private static bool IsMalformed(int group, ReadOnlySpan<byte> value, bool ofClient)
    {
        const byte uncompressed = 4;
        int? length = NamedGroup.KeyShareLength(group, ofClient);
        int first = NamedGroup.IsHybrid(group) ? NamedGroup.ComponentsOf(group).First : group;
        bool beginsWithPoint = first is NamedGroup.secp256r1 or NamedGroup.secp384r1 or NamedGroup.secp521r1;
        return length is not null && (length != value.Length || (beginsWithPoint && value[0] != uncompressed));
    }
}
