using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The extension block of a hello (RFC 8446 section 4.2), by code point.</summary>
internal static class HelloExtensions
{
    /// <summary>Reads what follows a hello's fixed fields: nothing at all, or one block that ends the message.</summary>
    /// <param name="state">Records the failure.</param>
    /// <param name="rest">The block behind its length, or nothing.</param>
    /// <param name="lengthReason">OpenSSL's reason when block and message do not end together.</param>
    public static Dictionary<ExtensionType, ReadOnlyMemory<byte>> Read(HandshakeState state, ReadOnlyMemory<byte> rest, string lengthReason)
        => Read(state, rest, lengthReason, out _);

    /// <summary>The same, and which comes last; null for none.</summary>
    public static Dictionary<ExtensionType, ReadOnlyMemory<byte>> Read(HandshakeState state, ReadOnlyMemory<byte> rest, string lengthReason, out ExtensionType? last)
    {
        last = null;
        if (rest.IsEmpty)
        {
            return [];
        }

        var reader = new WireReader(rest);
        if (!reader.TryVector(2, out ReadOnlyMemory<byte> block) || reader.Rest.Length > 0)
        {
            throw state.Fail(lengthReason, AlertDescription.decode_error);
        }

        return ReadBlock(state, block, out last);
    }

    /// <summary>Reads the extensions of a block without its length.</summary>
    public static Dictionary<ExtensionType, ReadOnlyMemory<byte>> ReadBlock(HandshakeState state, ReadOnlyMemory<byte> block) => ReadBlock(state, block, out _);

    /// <summary>Whether RFC 8446 section 4.2 or another names a place for an extension, so that any other place is wrong.</summary>
    public static bool IsKnown(ExtensionType type) => Enum.IsDefined(type);

    private static Dictionary<ExtensionType, ReadOnlyMemory<byte>> ReadBlock(HandshakeState state, ReadOnlyMemory<byte> block, out ExtensionType? last)
    {
        var found = new Dictionary<ExtensionType, ReadOnlyMemory<byte>>(Count(block));
        last = null;
        for (var reader = new WireReader(block); reader.Rest.Length > 0;)
        {
            if (!reader.TryExtension(out ExtensionType type) || !reader.TryVector(2, out ReadOnlyMemory<byte> data))
            {
                throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
            }

            if (!found.TryAdd(type, data))
            {
                throw state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
            }

            last = type;
        }

        return found;
    }

    /// <summary>The content of one extension of a well-formed ClientHello.</summary>
    /// <param name="body">The message without its header.</param>
    /// <param name="type">The extension, which it has.</param>
    public static ReadOnlyMemory<byte> DataIn(ReadOnlyMemory<byte> body, ExtensionType type)
    {
        var reader = new WireReader(body);
        _ = reader.TryTake(ClientHelloCheck.FixedLength, out _) && reader.TryVector(1, out _) && reader.TryVector(2, out _) && reader.TryVector(1, out _);
        _ = reader.TryVector(2, out ReadOnlyMemory<byte> block);
        reader = new WireReader(block);
        while (reader.TryExtension(out ExtensionType found) && reader.TryVector(2, out ReadOnlyMemory<byte> data))
        {
            if (found == type)
            {
                return data;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(type));
    }

    /// <summary>The share of a group in a ClientHello's well-formed key_share extension; null for none.</summary>
    public static ReadOnlyMemory<byte>? KeyShare(ReadOnlyMemory<byte> extension, int group)
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

    /// <summary>True when a ClientHello's well-formed key_share extension has a share of a group.</summary>
    public static bool HasKeyShare(ReadOnlyMemory<byte> extension, int group) => KeyShare(extension, group) is not null;

    /// <summary>How many there are, as far as they are well-formed.</summary>
    private static int Count(ReadOnlyMemory<byte> block)
    {
        int count = 0;
        for (var reader = new WireReader(block); reader.TryTake(2, out _) && reader.TryVector(2, out _);)
        {
            count++;
        }

        return count;
    }

    /// <summary>True for a key_exchange value that has not the form of its group, as far as that has one here.</summary>
    public static bool IsMalformedShare(int group, ReadOnlySpan<byte> value, bool ofClient)
    {
        const byte uncompressed = 4;
        int? length = NamedGroup.KeyShareLength(group) ?? HybridShareLength(group, ofClient);
        int first = SupportedAlgorithms.IsHybrid(group) ? NamedGroup.PartsOf(group).First : group;
        bool beginsWithPoint = first is NamedGroup.secp256r1 or NamedGroup.secp384r1 or NamedGroup.secp521r1;
        return length is not null && (length != value.Length || (beginsWithPoint && value[0] != uncompressed));
    }

    /// <summary>The length of a hybrid's key_exchange value (draft-ietf-tls-ecdhe-mlkem section 4): that of both its parts; null for other groups.</summary>
    public static int? HybridShareLength(int group, bool ofClient) => SupportedAlgorithms.IsHybrid(group)
        ? NamedGroup.KeyShareLength(NamedGroup.PartsOf(group).First, ofClient) + NamedGroup.KeyShareLength(NamedGroup.PartsOf(group).Second, ofClient)
        : null;
}
