namespace SslModule.Engine.Certificates;

/// <summary>Where OpenSSL of this system keeps the certificates it trusts, and the variables that override it.</summary>
public static class DefaultVerifyPaths
{
    /// <summary>The variable that names another file.</summary>
    public const string FileVariable = "SSL_CERT_FILE";

    /// <summary>The variable that names another directory.</summary>
    public const string DirectoryVariable = "SSL_CERT_DIR";

    // OPENSSLDIR of Debian, Red Hat, SUSE and Alpine, macOS's own, and OpenSSL's build default.
    private static readonly string[] Roots = ["/usr/lib/ssl", "/etc/pki/tls", "/etc/ssl", "/private/etc/ssl", "/usr/local/ssl"];

    private static readonly string Root = OperatingSystem.IsWindows()
        ? WindowsRoot(Environment.GetFolderPath(Environment.SpecialFolder.CommonProgramFiles))
        : Roots.FirstOrDefault(System.IO.Directory.Exists) ?? Roots[^1];

    /// <summary>The built-in file.</summary>
    public static string File => Root + "/cert.pem";

    /// <summary>The built-in directory.</summary>
    public static string Directory => Root + "/certs";

    /// <summary>The file in force.</summary>
    public static string EffectiveFile => ProcessEnvironment.Current.Get(FileVariable) ?? File;

    /// <summary>OpenSSL's place on Windows. A path without a drive must never do there: every user may make a folder such as C:\etc.</summary>
    internal static string WindowsRoot(string commonFiles)
        => (commonFiles.Length > 0 ? commonFiles : @"C:\Program Files\Common Files") + @"\SSL";

    /// <summary>Whether the environment names another file or directory.</summary>
    internal static bool AreOverridden => ProcessEnvironment.Current.Get(FileVariable) is not null || ProcessEnvironment.Current.Get(DirectoryVariable) is not null;

    /// <summary>The directories in force, in the variable's order.</summary>
    public static IReadOnlyList<string> EffectiveDirectories
        => (ProcessEnvironment.Current.Get(DirectoryVariable) ?? Directory).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
