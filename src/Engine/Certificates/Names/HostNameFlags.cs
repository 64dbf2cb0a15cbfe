namespace SslModule.Engine.Certificates;

/// <summary>OpenSSL's X509_CHECK_FLAG bits.</summary>
internal static class HostNameFlags
{
    /// <summary>Match the common name even when subjectAltName has DNS names.</summary>
    public const uint AlwaysCheckSubject = 0x1;

    /// <summary>No wildcards at all.</summary>
    public const uint NoWildcards = 0x2;

    /// <summary>No wildcards that share a label with other characters; Python's default.</summary>
    public const uint NoPartialWildcards = 0x4;

    /// <summary>A wildcard label may match several labels.</summary>
    public const uint MultiLabelWildcards = 0x8;

    /// <summary>A name with a leading dot matches one label only.</summary>
    public const uint SingleLabelSubdomains = 0x10;

    /// <summary>Never match the common name.</summary>
    public const uint NeverCheckSubject = 0x20;
}
