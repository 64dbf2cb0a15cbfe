using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>The root certificates of macOS, which are in keychains instead of files.</summary>
internal static class PlatformRoots
{
    /// <summary>Adds the roots of the user and the machine.</summary>
    public static void AddTo(TrustStore store)
    {
        foreach (StoreLocation location in (StoreLocation[])[StoreLocation.CurrentUser, StoreLocation.LocalMachine])
        {
            Add(store, Read(location));
        }
    }

    /// <summary>Adds certificates; those that the engine cannot parse are skipped.</summary>
    internal static void Add(TrustStore store, IEnumerable<byte[]> certificates)
    {
        foreach (byte[] certificate in certificates)
        {
            try
            {
                store.Add(Certificate.Parse(certificate));
            }
            catch (TlsError)
            {
                // Unreadable default locations are ignored, as in OpenSSL.
            }
        }
    }

    private static IReadOnlyList<byte[]> Read(StoreLocation location)
    {
        var encoded = new List<byte[]>();
        try
        {
            using var roots = new X509Store(StoreName.Root, location, OpenFlags.ReadOnly);
            foreach (X509Certificate2 certificate in roots.Certificates)
            {
                using (certificate)
                {
                    encoded.Add(certificate.RawData);
                }
            }
        }
        catch (Exception error) when (error is CryptographicException or PlatformNotSupportedException)
        {
            // A store that cannot be opened adds no certificates.
        }

        return encoded;
    }
}
