using SslModule.Engine.Context;

namespace SslModule.Engine.Handshake;

/// <summary>Intersections of the client's and the server's preference lists.</summary>
internal static class Negotiation
{
    /// <summary>The common key-exchange groups, in the server's order if it has preference, otherwise in the client's.</summary>
    /// <param name="state">The server's state.</param>
    /// <param name="offered">The client's list; null if it sent none. RFC 8422 section 4 allows any group then; like OpenSSL, none is used.</param>
    public static IEnumerable<int> SharedGroups(HandshakeState state, int[]? offered)
    {
        int[] own = state.Derived.Groups;
        return offered is null ? [] : SupportedAlgorithms.PrefersOwn(state.Settings) ? own.Where(offered.Contains) : offered.Where(own.Contains);
    }

    /// <summary>The common signature schemes, in this end's order if it has preference (like OpenSSL, the server-preference option applies to clients too), otherwise in the peer's.</summary>
    /// <param name="state">The state of the signing end.</param>
    /// <param name="accepted">The peer's list; null if it sent none.</param>
    /// <returns>The list whose order decides, and the other list, which must contain the scheme too.</returns>
    public static (int[] Ordered, int[] Other) SharedSchemes(HandshakeState state, int[]? accepted)
    {
        int[] own = state.Derived.SignatureSchemes(ofClient: !state.IsServer, state.Version);
        return accepted is null || SupportedAlgorithms.PrefersOwn(state.Settings) ? (own, accepted ?? own) : (accepted, own);
    }
}
