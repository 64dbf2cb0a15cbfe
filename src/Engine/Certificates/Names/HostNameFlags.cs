namespace SslModule.Engine.Certificates;

/// <summary>OpenSSL's X509_CHECK_FLAG bits.</summary>
internal static class HostNameFlags
{
    /// <summary>Also match the common name when subjectAltName has DNS names.</summary>
    public const uint AlwaysCheckSubject = 0x1;

    /// <summary>Do not match wildcards.</summary>
    public const uint NoWildcards = 0x2;

    /// <summary>Do not match wildcards that are only part of a label; Python's default.</summary>
    public const uint NoPartialWildcards = 0x4;

    /// <summary>A wildcard label matches one or more labels.</summary>
    public const uint MultiLabelWildcards = 0x8;

    /// <summary>A name with a leading dot matches only one more label.</summary>
    public const uint SingleLabelSubdomains = 0x10;

    /// <summary>Never match the common name.</summary>
    public const uint NeverCheckSubject = 0x20;
}
