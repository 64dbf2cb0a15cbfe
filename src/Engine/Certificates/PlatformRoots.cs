using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>The root certificates of Windows and macOS, which keep them in no file.</summary>
internal static class PlatformRoots
{
    /// <summary>Adds the roots of the user and of the machine.</summary>
    public static void AddTo(TrustStore store)
    {
        foreach (StoreLocation location in (StoreLocation[])[StoreLocation.CurrentUser, StoreLocation.LocalMachine])
        {
            try
            {
                using var roots = new X509Store(StoreName.Root, location, OpenFlags.ReadOnly);
                foreach (X509Certificate2 certificate in roots.Certificates)
                {
                    using (certificate)
                    {
                        store.Add(Certificate.Parse(certificate.RawData));
                    }
                }
            }
            catch (Exception error) when (error is CryptographicException or PlatformNotSupportedException or TlsError)
            {
                // A store that cannot be opened trusts nobody.
            }
        }
    }
}
