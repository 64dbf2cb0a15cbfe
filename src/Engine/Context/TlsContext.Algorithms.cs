using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <content>Key-exchange groups and signature algorithms.</content>
public sealed partial class TlsContext
{
    /// <summary>The names of the supported signature algorithms.</summary>
    public static IReadOnlyList<string> SignatureAlgorithmNames => SignatureNames.Implemented;

    /// <summary>The configured key-exchange groups; null for the default ones.</summary>
    internal GroupList? Groups { get; private set; }

    /// <summary>The schemes of server signatures, in order of preference; null for the default ones.</summary>
    internal int[]? ServerSignatures { get; private set; }

    /// <summary>The schemes of client signatures, in order of preference; null for the same as the server's.</summary>
    internal int[]? ClientSignatures { get; private set; }

    /// <summary>Sets a single key-exchange group, by its OpenSSL name.</summary>
    /// <exception cref="TlsError">The name is unknown.</exception>
    public void SetEcdhCurve(string name)
    {
        if (!TrySetEcdhCurve(name))
        {
            throw TlsError.Value($"unknown elliptic curve name '{name}'");
        }
    }

    /// <summary>Sets a single key-exchange group; returns false if the name is unknown.</summary>
    public bool TrySetEcdhCurve(string name)
    {
        if (GroupNames.Find(name) is not { } group)
        {
            return false;
        }

        Groups = GroupList.Of(group);
        return true;
    }

    /// <summary>Sets the key-exchange groups from a list in OpenSSL's format (SSL_CTX_set1_groups_list(3)), in order of preference.</summary>
    /// <param name="list">
    /// For example <c>*X25519MLKEM768 / *X25519:?secp256r1</c>. A client sends key shares for groups with an asterisk, four at most. A
    /// TLS 1.3 server asks for a group before a slash rather than use one after it.
    /// </param>
    /// <exception cref="TlsError">A name is unknown, or the list is malformed.</exception>
    public void SetGroups(string list) => Groups = GroupList.Parse(list);

    /// <summary>The names of the groups that the enabled versions can use.</summary>
    /// <param name="withAliases">Whether to include the alternative names of each group.</param>
    public IReadOnlyList<string> GroupNamesInForce(bool withAliases) => GroupNames.Implemented(Derived.ClientVersions, withAliases);

    /// <summary>Sets the signature algorithms of servers (SSL_CTX_set1_sigalgs_list(3)): those a server signs with and a client accepts.</summary>
    /// <exception cref="TlsError">A name is unknown, or the list is empty.</exception>
    public void SetServerSignatureAlgorithms(string list) => ServerSignatures = SignatureNames.Parse(list);

    /// <summary>Sets the signature algorithms of clients (SSL_CTX_set1_client_sigalgs_list(3)): those a client signs with and a server accepts.</summary>
    /// <exception cref="TlsError">A name is unknown, or the list is empty.</exception>
    public void SetClientSignatureAlgorithms(string list) => ClientSignatures = SignatureNames.Parse(list);
}
