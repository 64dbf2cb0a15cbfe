using System.Formats.Asn1;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <content>The authorities that a server names when it asks a client for a certificate.</content>
public sealed partial class TlsContext
{
    /// <summary>
    /// How many bytes the names may have, each with the two of its length: the list shares 65,535 bytes with the other
    /// extensions of a CertificateRequest (RFC 8446 section 4.3.2).
    /// </summary>
    public const int LongestClientAuthorities = 65_000;

    private ReadOnlyMemory<byte>[] _clientAuthorities = [];

    /// <summary>
    /// On a server: names in DER, for clients that choose a certificate by them (SSL_CTX_set_client_CA_list). None at first, as
    /// in Python's ssl: the names would tell every stranger whom the server trusts, and some clients then have nothing to show.
    /// What is accepted does not depend on them.
    /// </summary>
    /// <exception cref="TlsError">One is no distinguished name, or together they are longer than <see cref="LongestClientAuthorities"/>.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> ClientAuthorities
    {
        get => _clientAuthorities;
        set
        {
            ReadOnlyMemory<byte>[] names = [.. value.Select(name => (ReadOnlyMemory<byte>)name.ToArray())];
            if (!Array.TrueForAll(names, IsName))
            {
                throw TlsError.Value("an authority's name is no DER of a distinguished name");
            }

            _clientAuthorities = names.Sum(name => 2 + name.Length) <= LongestClientAuthorities
                ? names
                : throw TlsError.Value($"the authorities' names are longer than {LongestClientAuthorities} bytes");
        }
    }

    private static bool IsName(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            AsnReader reader = Asn1.Reader(encoded);
            reader.ReadEncodedValue();
            reader.ThrowIfNotEmpty();
            return !DistinguishedName.Parse(encoded).IsEmpty;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
