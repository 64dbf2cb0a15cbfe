using System.Security.Cryptography;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>An item of a trust file: a certificate, optionally with trust settings, or a CRL.</summary>
internal sealed record TrustItem(Certificate? Certificate, TrustSettings? Settings, RevocationList? RevocationList);

/// <summary>
/// Reads files of trusted certificates and CRLs, and caches the parsed items, because programs create many contexts from the
/// same bundle. The cache key is the content or its digest, so that a changed file is always read again.
/// </summary>
internal static class TrustFiles
{
    // The bundles of one program fit easily; beyond the limit the oldest are evicted.
    private const long MaximumKeptLength = 16 << 20;
    private const int LongestKey = 8192;
    private const byte SequenceTag = 0x30;

    private static readonly object CacheLock = new();
    private static readonly Dictionary<string, IReadOnlyList<TrustItem>> Cache = [];
    private static readonly Queue<(string Key, long Length)> Order = [];
    private static long _cachedLength;

    /// <summary>The items of a file, in order; raises a TlsError when there are none.</summary>
    public static IReadOnlyList<TrustItem> Read(string path) => Read(path, "", Parse);

    /// <summary>
    /// The readable items of a file in a hashed directory, in order. Errors are ignored, because a lookup has no one to report them
    /// to. A CRL file may be in DER.
    /// </summary>
    public static IReadOnlyList<TrustItem> ReadHashedFile(string path) => Read(path, "folder ", ParseHashedFile);

    private static IReadOnlyList<TrustItem> Read(string path, string kind, Func<byte[], IReadOnlyList<TrustItem>> parse)
    {
        byte[] bytes = CertificateFiles.ReadBytes(path);
        string key = kind + Key(bytes);
        lock (CacheLock)
        {
            if (Cache.TryGetValue(key, out IReadOnlyList<TrustItem>? kept))
            {
                return kept;
            }
        }

        IReadOnlyList<TrustItem> items = parse(bytes);
        AddToCache(key, bytes.Length, items);
        return items;
    }

    // Hashing loads the platform's crypto library, which takes milliseconds; short contents are compared directly instead.
    private static string Key(byte[] bytes)
        => bytes.Length > LongestKey ? "SHA-256 " + Convert.ToHexString(SHA256.HashData(bytes)) : Convert.ToHexString(bytes);

    private static void AddToCache(string key, long length, IReadOnlyList<TrustItem> items)
    {
        lock (CacheLock)
        {
            if (length > MaximumKeptLength || !Cache.TryAdd(key, items))
            {
                return;
            }

            Order.Enqueue((key, length));
            _cachedLength += length;
            while (_cachedLength > MaximumKeptLength)
            {
                (string oldest, long oldestLength) = Order.Dequeue();
                Cache.Remove(oldest);
                _cachedLength -= oldestLength;
            }
        }
    }

    private static IReadOnlyList<TrustItem> Parse(byte[] bytes)
    {
        List<PemBlock> blocks = Pem.Blocks(bytes);
        if (blocks.Count == 0 && ParseDer(bytes) is { } list)
        {
            return [list];
        }

        var items = new List<TrustItem>();
        foreach (PemBlock block in blocks)
        {
            if (block.Data is null)
            {
                throw TlsError.LibraryOnly("X509", "PEM lib");
            }

            if (ParseBlock(block) is { } item)
            {
                items.Add(item);
            }
        }

        return items.Count > 0 ? items : throw TlsError.Ssl("X509", "NO_CERTIFICATE_OR_CRL_FOUND");
    }

    private static List<TrustItem> ParseHashedFile(byte[] bytes)
    {
        var items = new List<TrustItem>();
        try
        {
            List<PemBlock> blocks = Pem.Blocks(bytes);
            if (blocks.Count == 0 && ParseDer(bytes) is { } list)
            {
                return [list];
            }

            foreach (PemBlock block in blocks.TakeWhile(block => block.Data is not null))
            {
                if (CertificateFiles.IsCertificate(block.Label))
                {
                    items.Add(new TrustItem(CertificateFiles.ParseTrusted(block, out TrustSettings? settings), settings, null));
                }
                else if (CertificateFiles.IsRevocationList(block.Label))
                {
                    items.Add(new TrustItem(null, null, RevocationList.ParseFirst(block.Data)));
                }
            }
        }
        catch (TlsError)
        {
            // Keep the items before the error.
        }

        return items;
    }

    // CRLs are often distributed in DER. Certificates in DER are not read, as in OpenSSL.
    private static TrustItem? ParseDer(byte[] bytes)
    {
        try
        {
            return bytes is [SequenceTag, ..] ? new TrustItem(null, null, RevocationList.ParseFirst(bytes)) : null;
        }
        catch (TlsError)
        {
            return null;
        }
    }

    private static TrustItem? ParseBlock(PemBlock block)
    {
        try
        {
            if (CertificateFiles.IsRevocationList(block.Label))
            {
                return new TrustItem(null, null, RevocationList.ParseFirst(block.Data));
            }

            if (!CertificateFiles.IsCertificate(block.Label))
            {
                return null;
            }

            TrustSettings? settings = null;
            Certificate certificate = block.Label == "TRUSTED CERTIFICATE" ? CertificateFiles.ParseTrusted(block, out settings) : CertificateFiles.Parse(block);
            return new TrustItem(certificate, settings, null);
        }
        catch (TlsError)
        {
            throw TlsError.LibraryOnly("X509", "PEM lib");
        }
    }
}
