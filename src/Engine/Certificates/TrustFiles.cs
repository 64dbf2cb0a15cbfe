using System.Security.Cryptography;
using System.Text;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>One thing that a trust file holds: a certificate, perhaps with trust settings, or a CRL.</summary>
internal sealed record TrustItem(Certificate? Certificate, TrustSettings? Settings, RevocationList? RevocationList);

/// <summary>
/// Reads files of trusted certificates and CRLs. What was parsed is kept and shared: a program makes many contexts from the
/// same bundle. The key is the contents or their digest, so that a file that changed is never mistaken for its old self.
/// </summary>
internal static class TrustFiles
{
    // The bundles of one program fit easily; beyond it the oldest are parsed again.
    private const long MaximumKeptLength = 16 << 20;
    private const int LongestKey = 8192;
    private const byte SequenceTag = 0x30;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, IReadOnlyList<TrustItem>> Kept = [];
    private static readonly Queue<(string Key, long Length)> Order = [];
    private static long _keptLength;

    /// <summary>What the file holds, in order; nothing of use in it is a TlsError.</summary>
    public static IReadOnlyList<TrustItem> Read(string path)
    {
        byte[] bytes = CertificateFiles.ReadBytes(path);
        string key = Key(bytes);
        lock (Gate)
        {
            if (Kept.TryGetValue(key, out IReadOnlyList<TrustItem>? kept))
            {
                return kept;
            }
        }

        IReadOnlyList<TrustItem> items = Parse(bytes);
        Keep(key, bytes.Length, items);
        return items;
    }

    // The platform's crypto library takes milliseconds to load; who names a short file need not wait for that.
    private static string Key(byte[] bytes)
        => bytes.Length > LongestKey ? "SHA-256 " + Convert.ToHexString(SHA256.HashData(bytes)) : Convert.ToHexString(bytes);

    private static void Keep(string key, long length, IReadOnlyList<TrustItem> items)
    {
        lock (Gate)
        {
            if (length > MaximumKeptLength || !Kept.TryAdd(key, items))
            {
                return;
            }

            Order.Enqueue((key, length));
            _keptLength += length;
            while (_keptLength > MaximumKeptLength)
            {
                (string oldest, long oldestLength) = Order.Dequeue();
                Kept.Remove(oldest);
                _keptLength -= oldestLength;
            }
        }
    }

    private static IReadOnlyList<TrustItem> Parse(byte[] bytes)
    {
        if (bytes is [SequenceTag, ..])
        {
            return [ParseDer(bytes)];
        }

        var items = new List<TrustItem>();
        foreach (PemBlock block in Pem.Blocks(Encoding.Latin1.GetString(bytes)))
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

    // CRLs come in DER from where certificates say they lie; certificates in DER are refused, as OpenSSL refuses them here.
    private static TrustItem ParseDer(byte[] bytes)
    {
        try
        {
            return new TrustItem(null, null, RevocationList.Parse(bytes));
        }
        catch (TlsError)
        {
            throw TlsError.Ssl("X509", "NO_CERTIFICATE_OR_CRL_FOUND");
        }
    }

    private static TrustItem? ParseBlock(PemBlock block)
    {
        try
        {
            if (CertificateFiles.IsRevocationList(block.Label))
            {
                return new TrustItem(null, null, RevocationList.Parse(block.Data));
            }

            if (!CertificateFiles.IsCertificate(block.Label))
            {
                return null;
            }

            var certificate = Certificate.ParseFirst(block.Data, out int length);
            bool hasSettings = block.Label == "TRUSTED CERTIFICATE" && length < block.Data!.Length;
            return new TrustItem(certificate, hasSettings ? TrustSettings.Parse(block.Data.AsMemory(length)) : null, null);
        }
        catch (TlsError)
        {
            throw TlsError.LibraryOnly("X509", "PEM lib");
        }
    }
}
