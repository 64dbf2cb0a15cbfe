using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <content>Key-exchange groups.</content>
internal sealed partial class ClientRole
{
    /// <inheritdoc/>
    public override IList<int>? GetEarlyKeyShareGroups()
    {
        int[] wanted = state.Context.Groups?.KeyShares ?? SupportedAlgorithms.DefaultKeyShares;
        int[] shares = [.. (m_supportedGroups ?? []).Where(group => wanted.Contains(group) && NamedGroup.CanBeNegotiated(group, ProtocolVersion.TLSv13))];
        return shares.Length > 0 ? shares : base.GetEarlyKeyShareGroups();
    }

    /// <inheritdoc/>
    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles)
    {
        ProtocolVersion[] versions = GetProtocolVersions();
        int[] groups = Array.FindAll(state.Context.Prepared.Groups, group => IsOfAny(versions, group));
        bool tls13 = versions[0].FullVersion == 0x0304;
        return groups.Any(group => !tls13 || SupportedAlgorithms.IsTls13Group(group))
            ? groups
            : throw state.Fail("NO_SUITABLE_GROUPS", AlertDescription.internal_error);
    }

    private static bool IsOfAny(ProtocolVersion[] versions, int group)
    {
        foreach (ProtocolVersion version in versions)
        {
            if (NamedGroup.CanBeNegotiated(group, version))
            {
                return true;
            }
        }

        return false;
    }
}
