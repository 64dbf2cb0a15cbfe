using SslModule.Engine.Context;

namespace SslModule.Engine.Handshake;

/// <summary>What both ends have of a list that each has its own of.</summary>
internal static class Negotiation
{
    /// <summary>The curves or primes that both ends have, best first: in the server's order where it has the say, else in the client's.</summary>
    /// <param name="state">The server's.</param>
    /// <param name="offered">The client's list; null for a client that names none. RFC 8422 section 4 would leave it any, but it is most likely older than all of them: as in OpenSSL there is none to use with it.</param>
    public static IEnumerable<int> SharedGroups(HandshakeState state, int[]? offered)
    {
        int[] own = state.Derived.Groups;
        return offered is null ? [] : SupportedAlgorithms.PrefersOwn(state.Bound) ? own.Where(offered.Contains) : offered.Where(own.Contains);
    }

    /// <summary>The schemes that both ends have, best first: in the own order where that has the say (OpenSSL's option for servers counts for clients too), else in the peer's.</summary>
    /// <param name="state">The end that is to sign.</param>
    /// <param name="accepted">The peer's list; null for a peer that names none.</param>
    /// <returns>One list in the order that counts, and the other, which has to have the scheme too.</returns>
    public static (int[] Ordered, int[] Other) SharedSchemes(HandshakeState state, int[]? accepted)
    {
        int[] own = state.Derived.SignatureSchemes(ofClient: !state.IsServer);
        return accepted is null || SupportedAlgorithms.PrefersOwn(state.Bound) ? (own, accepted ?? own) : (accepted, own);
    }
}
