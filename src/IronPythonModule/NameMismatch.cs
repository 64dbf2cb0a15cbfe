using SslModule.Engine.Certificates;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;

namespace SslModule.IronPython;

/// <summary>Python 3.4's words for a certificate of another host; unlike OpenSSL's they say which names it has.</summary>
internal static class NameMismatch
{
    /// <summary>The words; null when the refusal is not for the name.</summary>
    public static string? Explain(TlsError refusal, TlsConnection connection)
    {
        if (refusal.VerifyCode is not ((int)VerifyCode.HostnameMismatch or (int)VerifyCode.IpAddressMismatch) || connection.PeerCertificate is not { } certificate)
        {
            return null;
        }

        string[] names = [.. Names(CertificateDecoder.Decode(certificate)).Select(name => $"'{name}'")];
        string wanted = connection.ServerHostname ?? "";
        return names.Length switch
        {
            0 => "no appropriate commonName or subjectAltName fields were found",
            1 => $"hostname '{wanted}' doesn't match {names[0]}",
            _ => $"hostname '{wanted}' doesn't match either of {string.Join(", ", names)}",
        };
    }

    // The common name counts only where there is no alternative name (RFC 6125 section 6.4.4).
    private static IEnumerable<string> Names(CertificateInfo info)
    {
        string[] alternatives = [.. (info.SubjectAltName ?? []).Where(name => name.Type is "DNS" or "IP Address").Select(name => name.Value)];
        return alternatives.Length > 0
            ? alternatives
            : info.Subject.SelectMany(relative => relative).Where(attribute => attribute.Type == "commonName").Select(attribute => attribute.Text).OfType<string>();
    }
}
