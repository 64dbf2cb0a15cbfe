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
        bool hybrid = Array.Exists(offered, group => SupportedAlgorithms.IsHybrid(group) && own.Contains(group));
        int[] best = Array.FindAll(own, group => SupportedAlgorithms.IsHybrid(group) == hybrid);
        IList<KeyShareEntry>? shares = TlsExtensionsUtilities.GetKeyShareClientHello(_helloExtensions);
        int[] shared = shares is null ? [] : Array.FindAll(best, group => shares.Any(share => share.NamedGroup == group));
        return shared.Length > 0 ? shared : best;
    }
}
