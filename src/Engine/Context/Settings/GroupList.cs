using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Context;

/// <summary>
/// A list of key-exchange groups in the format of OpenSSL 3.5 and newer (SSL_CTX_set1_groups_list(3)). Slashes separate tuples, and
/// colons the groups of a tuple, in order of preference. A TLS 1.3 server prefers any group of an earlier tuple to those of later
/// ones, and within a tuple a group for which the client has sent a key share.
/// </summary>
/// <param name="Tuples">The code points.</param>
/// <param name="KeyShares">The groups for which a client sends key shares in its first ClientHello.</param>
internal sealed record GroupList(int[][] Tuples, int[] KeyShares)
{
    /// <summary>The default list, the same as OpenSSL 3.6's.</summary>
    public static readonly GroupList Default = new(
        [
            [NamedGroup.X25519MLKEM768],
            [NamedGroup.x25519, NamedGroup.secp256r1],
            [NamedGroup.x448, NamedGroup.secp384r1, NamedGroup.secp521r1],
            [NamedGroup.ffdhe2048, NamedGroup.ffdhe3072],
        ],
        [NamedGroup.X25519MLKEM768, NamedGroup.x25519]);

    /// <summary>A list of one group.</summary>
    public static GroupList Of(int group) => new([[group]], [group]);

    /// <inheritdoc cref="GroupListReader"/>
    /// <exception cref="TlsError">The list is malformed, or a name is unknown.</exception>
    public static GroupList Parse(string text) => new GroupListReader().Read(text);
}
