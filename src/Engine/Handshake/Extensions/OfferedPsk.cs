using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>One pre-shared key that a ClientHello offers (RFC 8446 section 4.2.11).</summary>
/// <param name="Identity">The identity: a ticket, or the identity of an external PSK.</param>
/// <param name="Age">The obfuscated_ticket_age.</param>
/// <param name="Binder">The binder, which proves that the client has the key.</param>
internal readonly record struct OfferedPsk(ReadOnlyMemory<byte> Identity, uint Age, ReadOnlyMemory<byte> Binder)
{
    /// <summary>Reads a pre_shared_key extension.</summary>
    /// <param name="state">Records the failure.</param>
    /// <param name="data">The extension's data.</param>
    /// <param name="bindersLength">The length of the list of binders, including its length prefix.</param>
    public static List<OfferedPsk> Read(HandshakeState state, ReadOnlyMemory<byte> data, out int bindersLength)
    {
        var reader = new WireReader(data);
        if (!reader.TryVector(2, out ReadOnlyMemory<byte> identities))
        {
            throw Malformed(state);
        }

        bindersLength = reader.Rest.Length;
        if (!reader.TryVector(2, out ReadOnlyMemory<byte> binders) || !reader.Rest.IsEmpty)
        {
            throw Malformed(state);
        }

        var offered = new List<OfferedPsk>(1);
        var identityReader = new WireReader(identities);
        var binderReader = new WireReader(binders);
        while (!identityReader.Rest.IsEmpty)
        {
            if (!identityReader.TryVector(2, out ReadOnlyMemory<byte> identity) || identity.IsEmpty || !identityReader.TryLong(out uint age))
            {
                throw Malformed(state);
            }

            // One binder for each identity, in the same order. Like OpenSSL, a list of binders that ends early is a decode error,
            // and only the binder of the selected PSK must have the right length.
            if (!binderReader.TryVector(1, out ReadOnlyMemory<byte> binder))
            {
                throw Malformed(state);
            }

            offered.Add(new OfferedPsk(identity, age, binder));
        }

        return binderReader.Rest.IsEmpty && offered.Count > 0 ? offered : throw state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter);
    }

    private static Exception Malformed(HandshakeState state) => state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
}
