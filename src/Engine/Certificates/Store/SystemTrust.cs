using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>The machine's trusted certificates: what <c>load_default_certs()</c> would load. For explanations; no context gets any of them here.</summary>
internal static class SystemTrust
{
    private const string WindowsRoots = "ROOT";

    /// <summary>The system's certificates with this subject.</summary>
    public static IReadOnlyList<Certificate> FindBySubject(DistinguishedName subject)
    {
        try
        {
            TrustStore store = Read();
            return store.FindBySubject(subject);
        }
        catch (Exception error) when (error is TlsError or IOException or UnauthorizedAccessException)
        {
            // An explanation does without what cannot be read.
            return [];
        }
    }

    private static TrustStore Read()
    {
        var store = new TrustStore();
        store.AddSystemDefaults();
        if (OperatingSystem.IsWindows())
        {
            PlatformRoots.Add(store, WindowsStores.System.Certificates(WindowsRoots).Select(certificate => certificate.Encoded));
        }

        return store;
    }
}
