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

    private static readonly string Root = Roots.FirstOrDefault(System.IO.Directory.Exists) ?? Roots[^1];

    /// <summary>The built-in file.</summary>
    public static string File => Root + "/cert.pem";

    /// <summary>The built-in directory.</summary>
    public static string Directory => Root + "/certs";

    /// <summary>The file in force.</summary>
    public static string EffectiveFile => Environment.GetEnvironmentVariable(FileVariable) ?? File;

    /// <summary>The directories in force, in the variable's order.</summary>
    public static IReadOnlyList<string> EffectiveDirectories
        => (Environment.GetEnvironmentVariable(DirectoryVariable) ?? Directory).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
