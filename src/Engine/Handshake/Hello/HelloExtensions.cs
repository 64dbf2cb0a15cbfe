using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The extension block of a ClientHello or ServerHello (RFC 8446 section 4.2).</summary>
internal static class HelloExtensions
{
    /// <summary>Reads the extensions at the end of a ClientHello or ServerHello. The block may be absent, and must end the message.</summary>
    /// <param name="state">Records the failure.</param>
    /// <param name="rest">The block with its length prefix, or nothing.</param>
    /// <param name="lengthReason">OpenSSL's reason if the block does not end with the message.</param>
    public static Dictionary<ExtensionType, ReadOnlyMemory<byte>> Read(HandshakeState state, ReadOnlyMemory<byte> rest, string lengthReason)
        => Read(state, rest, lengthReason, out _);

    /// <summary>The same, and the type of the last extension; null if there are none.</summary>
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

    /// <summary>Reads the extensions of a block without its length prefix.</summary>
    public static Dictionary<ExtensionType, ReadOnlyMemory<byte>> ReadBlock(HandshakeState state, ReadOnlyMemory<byte> block) => ReadBlock(state, block, out _);

    /// <summary>Whether this engine knows the messages in which an extension is allowed (RFC 8446 section 4.2).</summary>
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

    /// <summary>The data of one extension in a well-formed ClientHello.</summary>
    /// <param name="body">The message without its header.</param>
    /// <param name="type">The extension, which must be present.</param>
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

    /// <summary>Reads an extension that is a list of two-byte numbers; null if absent.</summary>
    /// <exception cref="FatalAlertException">It is malformed.</exception>
    public static int[]? Numbers(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions, ExtensionType type)
    {
        if (!extensions.TryGetValue(type, out ReadOnlyMemory<byte> data))
        {
            return null;
        }

        return new WireReader(data).TryNumbers(2, out int[] numbers) ? numbers : throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
    }

    /// <summary>Writes an extension without data if a condition holds.</summary>
    public static void WriteEmpty(WireWriter writer, ExtensionType type, bool condition)
    {
        if (condition)
        {
            writer.Extension(type);
            writer.Number(2, 0);
        }
    }

    /// <summary>Counts the well-formed extensions.</summary>
    private static int Count(ReadOnlyMemory<byte> block)
    {
        int count = 0;
        for (var reader = new WireReader(block); reader.TryTake(2, out _) && reader.TryVector(2, out _);)
        {
            count++;
        }

        return count;
    }
}
