using System.Formats.Asn1;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <content>The certificate authorities that a server sends in CertificateRequest.</content>
public sealed partial class TlsContext
{
    /// <summary>
    /// The maximum length of the names in bytes, including two bytes of length for each: the list shares 65,535 bytes with the other
    /// extensions of a CertificateRequest (RFC 8446 section 4.3.2).
    /// </summary>
    public const int LongestClientAuthorities = 65_000;

    private ReadOnlyMemory<byte>[] _clientAuthorities = [];

    /// <summary>
    /// On a server: DER-encoded distinguished names, by which clients may select a certificate (SSL_CTX_set_client_CA_list). Empty
    /// by default, as in Python's ssl: the list discloses which authorities the server trusts, and some clients send no certificate
    /// if none of theirs matches. The list does not affect verification.
    /// </summary>
    /// <exception cref="TlsError">One is not a distinguished name, or together they are longer than <see cref="LongestClientAuthorities"/>.</exception>
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
