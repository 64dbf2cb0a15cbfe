using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>Creates the errors of PEM parsing as Python code sees them.</summary>
internal static class PemError
{
    /// <summary>The error for a damaged block, with OpenSSL's reason where OpenSSL reports it.</summary>
    public static TlsError Of(PemBlock block)
        => block.Problem is { } reason ? TlsError.Ssl("PEM", reason) : TlsError.Numbered("unknown error");
}
