namespace SslModule.Engine.Certificates;

/// <summary>
/// The peers' certificates that were parsed lately: a peer met again costs neither the parsing of its certificate nor the
/// import of its key, nor the checking of signatures that were good before (see <see cref="Certificate.WasSignedBy"/>).
/// </summary>
/// <remarks>
/// Only what follows from a certificate's bytes alone is kept; dates, names, trust and revocation are judged in every
/// handshake. A hit needs all bytes to be equal. What a hostile peer can do is to displace entries.
/// </remarks>
internal static class CertificateCache
{
    private const int Slots = 256;

    // Real certificates are of one or two KiB; the product of the two bounds what a hostile peer can make the process keep.
    private const int LargestKept = 8192;
    private const int HashedTail = 32;

    private static readonly Certificate?[] Kept = new Certificate?[Slots];

    /// <summary>The certificate with this encoding; garbage is a TlsError.</summary>
    public static Certificate Get(ReadOnlySpan<byte> der)
    {
        if (der.Length is < HashedTail or > LargestKept)
        {
            return Certificate.Parse(der.ToArray());
        }

        // The end of a certificate is its signature: as good as a hash of the whole, and the seed of HashCode is secret.
        var hash = default(HashCode);
        hash.AddBytes(der[^HashedTail..]);
        ref Certificate? slot = ref Kept[(uint)hash.ToHashCode() % Slots];
        Certificate? kept = Volatile.Read(ref slot);
        if (kept is null || !kept.Encoded.Span.SequenceEqual(der))
        {
            kept = Certificate.Parse(der.ToArray());
            Volatile.Write(ref slot, kept);
        }

        return kept;
    }
}
