using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <summary>The extension block of a hello (RFC 8446 section 4.2), by code point.</summary>
internal static class HelloExtensions
{
    /// <summary>Reads what follows a hello's fixed fields: nothing at all, or one block that ends the message.</summary>
    /// <param name="state">Takes the failure.</param>
    /// <param name="rest">The block behind its length, or nothing.</param>
    /// <param name="lengthReason">OpenSSL's reason when block and message do not end together.</param>
    public static Dictionary<int, ReadOnlyMemory<byte>> Read(HandshakeState state, ReadOnlyMemory<byte> rest, string lengthReason)
    {
        var found = new Dictionary<int, ReadOnlyMemory<byte>>(Count(rest));
        if (rest.IsEmpty)
        {
            return found;
        }

        var reader = new WireReader(rest);
        if (!reader.TryVector(2, out ReadOnlyMemory<byte> block) || reader.Rest.Length > 0)
        {
            throw state.Fail(lengthReason, AlertDescription.decode_error);
        }

        reader = new WireReader(block);
        while (reader.Rest.Length > 0)
        {
            if (!reader.TryNumber(2, out int type) || !reader.TryVector(2, out ReadOnlyMemory<byte> data))
            {
                throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
            }

            if (!found.TryAdd(type, data))
            {
                throw state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
            }
        }

        return found;
    }

    /// <summary>The block of these extensions behind its length.</summary>
    public static byte[] Block(Dictionary<int, ReadOnlyMemory<byte>> extensions)
    {
        using var block = new MemoryStream();
        TlsUtilities.WriteUint16(extensions.Values.Sum(data => 4 + data.Length), block);
        foreach ((int type, ReadOnlyMemory<byte> data) in extensions)
        {
            TlsUtilities.WriteUint16(type, block);
            TlsUtilities.WriteUint16(data.Length, block);
            block.Write(data.Span);
        }

        return block.ToArray();
    }

    /// <summary>How many there are, as far as they are well-formed.</summary>
    private static int Count(ReadOnlyMemory<byte> rest)
    {
        int count = 0;
        for (var reader = new WireReader(rest[Math.Min(2, rest.Length)..]); reader.TryTake(2, out _) && reader.TryVector(2, out _);)
        {
            count++;
        }

        return count;
    }

    /// <summary>True when a ClientHello's well-formed key_share extension has a share of a group.</summary>
    public static bool HasKeyShare(ReadOnlyMemory<byte> extension, int group)
    {
        for (var reader = new WireReader(extension[2..]); reader.TryNumber(2, out int shared) && reader.TryVector(2, out _);)
        {
            if (shared == group)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The length of a key_exchange value of a curve (RFC 8446 section 4.2.8.2); null for a group that is none of them.</summary>
    public static int? KeyShareLength(int group) => group switch
    {
        NamedGroup.x25519 => 32,
        NamedGroup.x448 => 56,
        NamedGroup.secp256r1 => 65,
        NamedGroup.secp384r1 => 97,
        NamedGroup.secp521r1 => 133,
        _ => null,
    };

    /// <summary>The length of a hybrid's key_exchange value (draft-ietf-tls-ecdhe-mlkem section 4): a point and a key or a ciphertext; null for other groups.</summary>
    public static int? HybridShareLength(int group, bool ofClient) => group switch
    {
        NamedGroup.X25519MLKEM768 => 32 + (ofClient ? 1184 : 1088),
        NamedGroup.SecP256r1MLKEM768 => 65 + (ofClient ? 1184 : 1088),
        NamedGroup.SecP384r1MLKEM1024 => 97 + 1568,
        _ => null,
    };
}
