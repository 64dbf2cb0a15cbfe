using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <content>Key-exchange groups and signature algorithms.</content>
public sealed partial class TlsContext
{
    /// <summary>The names of the signature algorithms there are.</summary>
    public static IReadOnlyList<string> SignatureAlgorithmNames => SignatureNames.Implemented;

    /// <summary>The chosen key-exchange groups; null for the default ones.</summary>
    internal GroupList? Groups { get; private set; }

    /// <summary>The schemes of a server's signature, best first; null for the default ones.</summary>
    internal int[]? ServerSignatures { get; private set; }

    /// <summary>The schemes of a client's signature, best first; null for those of the server's.</summary>
    internal int[]? ClientSignatures { get; private set; }

    /// <summary>Chooses the only key-exchange group, by OpenSSL's name.</summary>
    /// <exception cref="TlsError">The name is unknown.</exception>
    public void SetEcdhCurve(string name)
    {
        if (!TrySetEcdhCurve(name))
        {
            throw TlsError.Value($"unknown elliptic curve name '{name}'");
        }
    }

    /// <summary>The same; false when the name is unknown.</summary>
    public bool TrySetEcdhCurve(string name)
    {
        if (GroupNames.Find(name) is not { } group)
        {
            return false;
        }

        Groups = new GroupList([group], [group]);
        return true;
    }

    /// <summary>Chooses the key-exchange groups by a list in OpenSSL's form (SSL_CTX_set1_groups_list(3)), best first.</summary>
    /// <param name="list">Such as <c>*X25519MLKEM768:*X25519:?secp256r1</c>; a client sends key shares for those with a star.</param>
    /// <exception cref="TlsError">A name is unknown, or no group is left.</exception>
    public void SetGroups(string list) => Groups = GroupList.Parse(list);

    /// <summary>The names of the groups that the versions in force can use.</summary>
    /// <param name="withAliases">Whether each group comes with its other names.</param>
    public IReadOnlyList<string> GroupNamesInForce(bool withAliases) => GroupNames.Implemented(Derived.ClientVersions, withAliases);

    /// <summary>Chooses how servers sign the handshake (SSL_CTX_set1_sigalgs_list(3)): what a server signs with, what a client takes.</summary>
    /// <exception cref="TlsError">A name is unknown or comes twice.</exception>
    public void SetServerSignatureAlgorithms(string list) => ServerSignatures = SignatureNames.Parse(list);

    /// <summary>Chooses how clients sign the handshake (SSL_CTX_set1_client_sigalgs_list(3)): what a server asks for, what a client signs with.</summary>
    /// <exception cref="TlsError">A name is unknown or comes twice.</exception>
    public void SetClientSignatureAlgorithms(string list) => ClientSignatures = SignatureNames.Parse(list);
}
