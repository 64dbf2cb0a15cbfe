using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <content>How long records may be, as the server's extensions say.</content>
internal sealed partial class ClientProtocol
{
    /// <inheritdoc/>
    protected override void ApplyMaxFragmentLengthExtension(short maxFragmentLength)
    {
        // By now the server's extensions were held against ours.
        base.ApplyMaxFragmentLengthExtension(maxFragmentLength);
        byte[]? limit = null;
        _ = m_serverExtensions?.TryGetValue((int)ExtensionType.record_size_limit, out limit);
        bool both = limit is not null && m_serverExtensions?.ContainsKey((int)ExtensionType.max_fragment_length) == true;
        RecordLimits.Settle(state, limit, both, maxFragmentLength);
    }
}
