using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>How long records may be, as the server's extensions say.</content>
internal sealed partial class ClientProtocol
{
    private byte[]? _recordSizeLimit;

    /// <inheritdoc/>
    protected override void Receive13EncryptedExtensions(MemoryStream buf)
    {
        // BouncyCastle does not know that record_size_limit has its place here (RFC 8449 section 4).
        Dictionary<int, ReadOnlyMemory<byte>> extensions = HelloExtensions.Read(state, MessageGuard.Body(buf), "LENGTH_MISMATCH");
        if (!extensions.Remove(ExtensionType.record_size_limit, out ReadOnlyMemory<byte> limit))
        {
            base.Receive13EncryptedExtensions(buf);
            return;
        }

        if (state.Context.RecordSizeLimit is null)
        {
            throw state.Fail("UNSOLICITED_EXTENSION", AlertDescription.unsupported_extension);
        }

        _recordSizeLimit = limit.ToArray();
        base.Receive13EncryptedExtensions(new MemoryStream(HelloExtensions.Block(extensions), writable: false));
    }

    /// <inheritdoc/>
    protected override void ApplyMaxFragmentLengthExtension(short maxFragmentLength)
    {
        // By now the server's extensions were held against ours, in either version.
        base.ApplyMaxFragmentLengthExtension(maxFragmentLength);
        byte[]? limit = _recordSizeLimit;
        _ = limit is not null || m_serverExtensions?.TryGetValue(ExtensionType.record_size_limit, out limit) == true;
        bool both = limit is not null && m_serverExtensions?.ContainsKey(ExtensionType.max_fragment_length) == true;
        RecordLimits.Settle(state, limit, both, maxFragmentLength);
    }
}
