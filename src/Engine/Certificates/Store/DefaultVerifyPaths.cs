namespace SslModule.Engine.Certificates;

/// <summary>The system's default locations of trusted certificates in OpenSSL, and the environment variables that override them.</summary>
public static class DefaultVerifyPaths
{
    /// <summary>The environment variable that overrides the file.</summary>
    public const string FileVariable = "SSL_CERT_FILE";

    /// <summary>The environment variable that overrides the directory.</summary>
    public const string DirectoryVariable = "SSL_CERT_DIR";

    // OPENSSLDIR of Debian, Red Hat, SUSE and Alpine, macOS's path, and OpenSSL's build default.
    private static readonly string[] Roots = ["/usr/lib/ssl", "/etc/pki/tls", "/etc/ssl", "/private/etc/ssl", "/usr/local/ssl"];

    private static readonly string Root = OperatingSystem.IsWindows()
        ? WindowsRoot(Environment.GetFolderPath(Environment.SpecialFolder.CommonProgramFiles))
        : Roots.FirstOrDefault(System.IO.Directory.Exists) ?? Roots[^1];

    /// <summary>The compiled-in file.</summary>
    public static string File => Root + "/cert.pem";

    /// <summary>The compiled-in directory.</summary>
    public static string Directory => Root + "/certs";

    /// <summary>The effective file.</summary>
    public static string EffectiveFile => ProcessEnvironment.Current.Get(FileVariable) ?? File;

    /// <summary>OpenSSL's location on Windows. A path without a drive is unsafe there: every user may create a folder such as C:\etc.</summary>
    internal static string WindowsRoot(string commonFiles)
        => (commonFiles.Length > 0 ? commonFiles : @"C:\Program Files\Common Files") + @"\SSL";

    /// <summary>Whether an environment variable overrides the file or directory.</summary>
    internal static bool AreOverridden => ProcessEnvironment.Current.Get(FileVariable) is not null || ProcessEnvironment.Current.Get(DirectoryVariable) is not null;

    /// <summary>The effective directories, in the variable's order.</summary>
    public static IReadOnlyList<string> EffectiveDirectories
        => (ProcessEnvironment.Current.Get(DirectoryVariable) ?? Directory).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
