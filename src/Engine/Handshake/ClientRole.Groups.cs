using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>Key-exchange groups.</content>
internal sealed partial class ClientRole
{
    /// <inheritdoc/>
    public override IList<int>? GetEarlyKeyShareGroups()
    {
        int[] wanted = state.Context.Groups?.KeyShares ?? SupportedAlgorithms.DefaultKeyShares;
        var shares = new List<int>(wanted.Length);
        for (int index = 0; index < m_supportedGroups?.Count; index++)
        {
            int group = m_supportedGroups[index];
            if (wanted.Contains(group) && SupportedAlgorithms.IsTls13Group(group))
            {
                shares.Add(group);
            }
        }

        return shares.Count > 0 ? shares : base.GetEarlyKeyShareGroups();
    }

    /// <inheritdoc/>
    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles)
    {
        int[] groups = state.Context.Prepared.ClientGroups;
        bool tls13 = GetProtocolVersions()[0].FullVersion == 0x0304;
        bool any = tls13 ? Array.Exists(groups, SupportedAlgorithms.IsTls13Group) : groups.Length > 0;
        return any
            ? groups
            : throw state.Fail("NO_SUITABLE_GROUPS", AlertDescription.internal_error);
    }
}
