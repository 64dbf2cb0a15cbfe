using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <content>Key-exchange groups.</content>
internal sealed partial class ClientRole
{
    /// <inheritdoc/>
    public override IList<int>? GetEarlyKeyShareGroups() => null;

    /// <inheritdoc/>
    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles)
    {
        int[] groups = state.Prepared.ClientGroups;
        bool tls13 = GetProtocolVersions()[0].FullVersion == ProtocolVersion.TLSv13;
        bool any = tls13 ? Array.Exists(groups, SupportedAlgorithms.IsTls13Group) : groups.Length > 0;
        return any
            ? groups
            : throw state.Fail("NO_SUITABLE_GROUPS", AlertDescription.internal_error);
    }
}
