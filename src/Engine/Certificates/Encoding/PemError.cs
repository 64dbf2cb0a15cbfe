using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>The errors of PEM texts as scripts see them.</summary>
internal static class PemError
{
    /// <summary>What a damaged part is refused with where OpenSSL's own reason comes through.</summary>
    public static TlsError Of(PemBlock block)
        => block.Problem is { } reason ? TlsError.Ssl("PEM", reason) : TlsError.Numbered("unknown error");
}
