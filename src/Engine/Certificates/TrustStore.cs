using System.Globalization;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>What cert_store_stats() counts.</summary>
/// <param name="Certificates">All certificates.</param>
/// <param name="RevocationLists">All CRLs.</param>
/// <param name="Authorities">The certificates that may sign others.</param>
internal readonly record struct CertStoreStats(int Certificates, int RevocationLists, int Authorities);

/// <summary>The certificates and CRLs that a context trusts. Safe for concurrent use.</summary>
internal sealed class TrustStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DistinguishedName, List<Certificate>> _bySubject = [];
    private readonly List<Certificate> _certificates = [];
    private readonly HashSet<Certificate> _known = [];
    private readonly List<string> _directories = [];
    private readonly HashSet<string> _visitedFiles = [];

    /// <summary>Adds the certificates and CRLs of a PEM file; one at least must be there.</summary>
    public void AddFile(string path)
    {
        string text = CertificateFiles.ReadText(path);
        int added = 0;
        foreach (PemBlock block in Pem.Blocks(text))
        {
            if (block.Data is null)
            {
                throw TlsError.LibraryOnly("X509", "PEM lib");
            }

            added += AddBlock(block) ? 1 : 0;
        }

        if (added == 0)
        {
            throw TlsError.Ssl("X509", "NO_CERTIFICATE_OR_CRL_FOUND");
        }
    }

    /// <summary>
    /// Adds a folder of files named by the hash of their subject. It is read only when a name is looked for, so nothing here
    /// fails, as in OpenSSL.
    /// </summary>
    public void AddDirectory(string path)
    {
        lock (_lock)
        {
            foreach (string directory in path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            {
                if (!_directories.Contains(directory))
                {
                    _directories.Add(directory);
                }
            }
        }
    }

    /// <summary>Adds the certificates of a PEM text; other blocks are skipped.</summary>
    public void AddPem(string pem)
    {
        int added = 0;
        foreach (PemBlock block in Pem.Blocks(pem))
        {
            if (block.Data is not null && !CertificateFiles.IsCertificate(block.Label))
            {
                continue;
            }

            Certificate? certificate = TryParse(block);
            if (certificate is null)
            {
                throw added == 0 ? NoCertificate("no start line") : TlsError.LibraryOnly("PEM", block.Data is null ? "bad base64 decode" : "ASN1 lib");
            }

            Add(certificate);
            added++;
        }

        if (added == 0)
        {
            throw NoCertificate("no start line");
        }
    }

    /// <summary>Adds certificates in DER, laid end to end. Bytes behind the last whole one are ignored, as CPython ignores them.</summary>
    public void AddDer(ReadOnlyMemory<byte> der)
    {
        if (der.IsEmpty)
        {
            throw TlsError.Value("Empty certificate data");
        }

        int added = 0;
        while (!der.IsEmpty)
        {
            try
            {
                Add(Certificate.ParseFirst(der, out int length));
                der = der[length..];
                added++;
            }
            catch (TlsError) when (added > 0)
            {
                return;
            }
            catch (TlsError)
            {
                throw NoCertificate("not enough data");
            }
        }
    }

    /// <summary>Adds what the system trusts: OpenSSL's file and folders, where they exist, or the platform's root store.</summary>
    public void AddSystemDefaults()
    {
        if (File.Exists(DefaultVerifyPaths.EffectiveFile))
        {
            try
            {
                AddFile(DefaultVerifyPaths.EffectiveFile);
            }
            catch (TlsError)
            {
                // A damaged system bundle trusts nobody; OpenSSL says nothing either.
            }
        }

        foreach (string directory in DefaultVerifyPaths.EffectiveDirectories)
        {
            AddDirectory(directory);
        }

        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
        {
            PlatformRoots.AddTo(this);
        }
    }

    /// <summary>Adds one certificate; false when it is there already.</summary>
    public bool Add(Certificate certificate)
    {
        lock (_lock)
        {
            if (!_known.Add(certificate))
            {
                return false;
            }

            _certificates.Add(certificate);
            if (!_bySubject.TryGetValue(certificate.Subject, out List<Certificate>? same))
            {
                _bySubject.Add(certificate.Subject, same = []);
            }

            same.Add(certificate);
            return true;
        }
    }

    /// <summary>The subjects a server names when it asks for a client's certificate.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> AuthorityNames()
    {
        lock (_lock)
        {
            return [.. _certificates.Select(certificate => certificate.SubjectDer).DistinctBy(name => Convert.ToHexString(name.Span))];
        }
    }

    /// <summary>The certificates that may sign others: what get_ca_certs() gives.</summary>
    public IReadOnlyList<Certificate> Authorities()
    {
        lock (_lock)
        {
            return [.. _certificates.Where(certificate => CertificateChecks.AuthorityKind(certificate) != AuthorityKind.None)];
        }
    }

    /// <summary>The counts of cert_store_stats().</summary>
    public CertStoreStats Count() => new(_certificates.Count, 0, Authorities().Count);

    /// <summary>The trusted certificates with this subject, first come first; hashed folders are read now.</summary>
    public IReadOnlyList<Certificate> FindBySubject(DistinguishedName subject)
    {
        lock (_lock)
        {
            LoadFromDirectories(subject);
            return _bySubject.TryGetValue(subject, out List<Certificate>? found) ? [.. found] : [];
        }
    }

    /// <summary>True when exactly this certificate is trusted.</summary>
    public bool Contains(Certificate certificate)
    {
        lock (_lock)
        {
            LoadFromDirectories(certificate.Subject);
            return _known.Contains(certificate);
        }
    }

    private static TlsError NoCertificate(string why) => TlsError.Plain(why + ": cadata does not contain a certificate");

    private static Certificate? TryParse(PemBlock block)
    {
        try
        {
            return block.Data is null ? null : CertificateFiles.Parse(block);
        }
        catch (TlsError)
        {
            return null;
        }
    }

    private bool AddBlock(PemBlock block)
    {
        if (!CertificateFiles.IsCertificate(block.Label))
        {
            return false;
        }

        try
        {
            Add(CertificateFiles.Parse(block));
            return true;
        }
        catch (TlsError)
        {
            throw TlsError.LibraryOnly("X509", "PEM lib");
        }
    }

    // Files are numbered without gaps: 9d66eef0.0, 9d66eef0.1 and so on.
    private void LoadFromDirectories(DistinguishedName subject)
    {
        if (_directories.Count == 0)
        {
            return;
        }

        string hash = subject.FileHash;
        foreach (string directory in _directories)
        {
            for (int number = 0; ; number++)
            {
                string path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{hash}.{number}"));
                if (!File.Exists(path))
                {
                    break;
                }

                if (_visitedFiles.Add(path))
                {
                    TryAddFile(path);
                }
            }
        }
    }

    private void TryAddFile(string path)
    {
        try
        {
            AddFile(path);
        }
        catch (TlsError)
        {
            // A file that cannot be read trusts nobody.
        }
    }
}
