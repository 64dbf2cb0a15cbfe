namespace SslModule.Engine.Certificates;

/// <summary>
/// Recently parsed peer certificates. A cached certificate saves parsing, the import of its key, and verifying signatures that
/// were valid before (see <see cref="Certificate.WasSignedBy"/>).
/// </summary>
/// <remarks>
/// Only what depends on a certificate's bytes alone is cached; dates, names, trust and revocation are checked in every
/// handshake. A lookup compares all bytes. A hostile peer can only evict entries.
/// </remarks>
internal static class CertificateCache
{
    private const int Slots = 256;

    // Typical certificates have one or two KiB. The product of the two limits bounds the memory that hostile peers can occupy.
    private const int LargestCached = 8192;
    private const int HashedTail = 32;

    private static readonly Certificate?[] Entries = new Certificate?[Slots];

    /// <summary>Finds or parses a certificate; a malformed one raises a TlsError.</summary>
    public static Certificate Get(ReadOnlySpan<byte> der)
    {
        if (der.Length is < HashedTail or > LargestCached)
        {
            return Certificate.Parse(der.ToArray());
        }

        // Hash the end of the certificate: it is the signature, so it is as distinctive as a hash of the whole. HashCode's seed is secret.
        var hash = default(HashCode);
        hash.AddBytes(der[^HashedTail..]);
        ref Certificate? slot = ref Entries[(uint)hash.ToHashCode() % Slots];
        Certificate? kept = Volatile.Read(ref slot);
        if (kept is null || !kept.Encoded.Span.SequenceEqual(der))
        {
            kept = Certificate.Parse(der.ToArray());
            Volatile.Write(ref slot, kept);
        }

        return kept;
    }
}
