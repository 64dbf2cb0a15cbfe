using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>Key-exchange groups.</content>
internal sealed partial class ServerRole
{
    private IDictionary<int, byte[]>? _helloExtensions;

    /// <summary>Notes the client's key shares, for a group that needs no further round trip.</summary>
    public void NoteHello(IDictionary<int, byte[]>? extensions) => _helloExtensions = extensions;

    /// <inheritdoc/>
    public override int[] GetSupportedGroups()
    {
        int[] own = state.Context.Prepared.Groups;
        SecurityParameters parameters = m_context.SecurityParameters;
        if (!TlsUtilities.IsTlsV13(parameters.NegotiatedVersion) || _helloExtensions is null)
        {
            return own;
        }

        // As OpenSSL 3.5 has it: a hybrid that both ends have is worth a HelloRetryRequest, no other group is.
        int[] offered = parameters.ClientSupportedGroups ?? [];
        bool hybrid = Array.Exists(offered, state.Context.Prepared.IsHybrid);
        int[] best = hybrid ? state.Context.Prepared.HybridGroups : state.Context.Prepared.OtherGroups;
        int[] shared = _helloExtensions.TryGetValue(ExtensionType.key_share, out byte[]? shares)
            ? Array.FindAll(best, group => HelloExtensions.HasKeyShare(shares, group))
            : [];
        return shared.Length > 0 ? shared : best;
    }
}
