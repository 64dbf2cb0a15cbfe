using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// Checks that the second ClientHello equals the first one, except for the changes that a HelloRetryRequest allows (RFC 8446 section
/// 4.1.2).
/// </summary>
internal sealed class RetriedHelloCheck(HandshakeState state)
{
    /// <summary>Throws the result of <see cref="HandshakeState.Fail(Errors.TlsError)"/> if a field differs that must not change.</summary>
    /// <param name="first">The body of the first ClientHello.</param>
    /// <param name="second">The body of the second one. Each has been checked on its own.</param>
    public void Check(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        ReadOnlyMemory<byte> old = Extensions(first, out Dictionary<ExtensionType, ReadOnlyMemory<byte>> before);
        ReadOnlyMemory<byte> now = Extensions(second, out Dictionary<ExtensionType, ReadOnlyMemory<byte>> after);
        if (!old.Span.SequenceEqual(now.Span))
        {
            throw Changed();
        }

        foreach ((ExtensionType type, ReadOnlyMemory<byte> data) in after)
        {
            bool same = type switch
            {
                ExtensionType.key_share or ExtensionType.padding or ExtensionType.cookie => true,
                ExtensionType.early_data => false,
                ExtensionType.pre_shared_key => before.TryGetValue(type, out ReadOnlyMemory<byte> offered) && IsPartOf(Identities(data), Identities(offered)),
                _ => before.TryGetValue(type, out ReadOnlyMemory<byte> was) && was.Span.SequenceEqual(data.Span),
            };
            if (!same)
            {
                throw Changed();
            }
        }

        foreach (ExtensionType type in before.Keys)
        {
            if (!after.ContainsKey(type) && type is not (ExtensionType.early_data or ExtensionType.padding or ExtensionType.pre_shared_key))
            {
                throw Changed();
            }
        }
    }

    private Exception Changed() => state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);

    /// <summary>Splits a ClientHello into the part before the extensions, which is returned, and the extensions.</summary>
    private ReadOnlyMemory<byte> Extensions(ReadOnlyMemory<byte> body, out Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        var reader = new WireReader(body);
        bool whole = reader.TryTake(ClientHelloCheck.FixedLength, out _) && reader.TryVector(1, out _) && reader.TryVector(2, out _) && reader.TryVector(1, out _);
        extensions = whole ? HelloExtensions.Read(state, reader.Rest, "LENGTH_MISMATCH") : throw state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        return body[..(body.Length - reader.Rest.Length)];
    }

    // The client may remove PSKs that do not match the suite, and ticket ages may increase.
    private static bool IsPartOf(List<ReadOnlyMemory<byte>> some, List<ReadOnlyMemory<byte>> all)
    {
        int at = 0;
        foreach (ReadOnlyMemory<byte> identity in some)
        {
            while (at < all.Count && !all[at].Span.SequenceEqual(identity.Span))
            {
                at++;
            }

            if (at++ == all.Count)
            {
                return false;
            }
        }

        return true;
    }

    private static List<ReadOnlyMemory<byte>> Identities(ReadOnlyMemory<byte> data)
    {
        var identities = new List<ReadOnlyMemory<byte>>();
        var reader = new WireReader(data);
        if (reader.TryVector(2, out ReadOnlyMemory<byte> list))
        {
            reader = new WireReader(list);
            while (reader.TryVector(2, out ReadOnlyMemory<byte> identity) && reader.TryTake(sizeof(uint), out _))
            {
                identities.Add(identity);
            }
        }

        return identities;
    }
}
