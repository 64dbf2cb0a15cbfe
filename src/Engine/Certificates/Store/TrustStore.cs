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
    // A tag and a length.
    private const int ShortestHeader = 2;

    private readonly object _lock = new();
    private readonly Dictionary<DistinguishedName, List<Certificate>> _bySubject = [];
    private readonly Dictionary<DistinguishedName, List<RevocationList>> _byIssuer = [];
    private readonly List<Certificate> _certificates = [];
    private readonly Dictionary<Certificate, TrustSettings?> _known = [];
    private readonly HashSet<RevocationList> _lists = [];
    private readonly List<HashedFolder> _folders = [];

    /// <summary>Adds the certificates and CRLs of a PEM file, or the CRL of a DER file; one at least must be there.</summary>
    public void AddFile(string path)
    {
        foreach (TrustItem item in TrustFiles.Read(path))
        {
            Add(item);
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
                if (!_folders.Exists(folder => folder.Path == directory))
                {
                    _folders.Add(new HashedFolder(directory));
                }
            }
        }
    }

    /// <summary>Adds the certificates of a PEM text; other blocks are skipped.</summary>
    public void AddPem(string pem)
    {
        if (pem.Length == 0)
        {
            throw TlsError.Value("Empty certificate data");
        }

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
                throw added == 0 ? NoCertificate("no start line") : block.Data is null ? PemError.Of(block) : TlsError.LibraryOnly("PEM", "ASN1 lib");
            }

            Add(certificate);
            added++;
        }

        if (added == 0)
        {
            throw NoCertificate("no start line");
        }
    }

    /// <summary>Adds certificates in DER, laid end to end; whatever else lies behind the last one is an error, as it is since Python 3.12.</summary>
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
            catch (TlsError) when (added == 0)
            {
                throw NoCertificate("not enough data");
            }
            catch (TlsError)
            {
                throw TlsError.Ssl("ASN1", der.Length < ShortestHeader ? "HEADER_TOO_LONG" : "NOT_ENOUGH_DATA");
            }
        }
    }

    /// <summary>
    /// Adds what the system trusts: OpenSSL's file and folders, where they exist, and on macOS, unless a variable names another
    /// place, the roots of its key chains. Those of Windows are trusted for one use or another, see <see cref="WindowsStores"/>.
    /// </summary>
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

        if (OperatingSystem.IsMacOS() && !DefaultVerifyPaths.AreOverridden)
        {
            PlatformRoots.AddTo(this);
        }
    }

    /// <summary>Adds one certificate; false when it is there already.</summary>
    public bool Add(Certificate certificate, TrustSettings? settings = null)
    {
        lock (_lock)
        {
            // The settings of the first copy stand.
            if (!_known.TryAdd(certificate, settings))
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

    /// <summary>Adds one CRL; false when it is there already.</summary>
    public bool Add(RevocationList list)
    {
        lock (_lock)
        {
            if (!_lists.Add(list))
            {
                return false;
            }

            if (!_byIssuer.TryGetValue(list.Issuer, out List<RevocationList>? same))
            {
                _byIssuer.Add(list.Issuer, same = []);
            }

            same.Add(list);
            return true;
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
    public CertStoreStats Count()
    {
        lock (_lock)
        {
            return new CertStoreStats(_certificates.Count, _lists.Count, Authorities().Count);
        }
    }

    /// <summary>The trusted certificates with this subject, first come first; hashed folders are read when there is none yet.</summary>
    public IReadOnlyList<Certificate> FindBySubject(DistinguishedName subject)
    {
        lock (_lock)
        {
            Load(subject);
            return _bySubject.TryGetValue(subject, out List<Certificate>? found) ? [.. found] : [];
        }
    }

    /// <summary>The CRLs of this issuer; hashed folders are looked through for new ones every time.</summary>
    public IReadOnlyList<RevocationList> FindByIssuer(DistinguishedName issuer)
    {
        lock (_lock)
        {
            foreach (HashedFolder folder in _folders)
            {
                foreach (RevocationList list in folder.Discover(issuer, "r").Select(item => item.RevocationList).OfType<RevocationList>())
                {
                    Add(list);
                }

                if (_byIssuer.ContainsKey(issuer))
                {
                    break;
                }
            }

            return _byIssuer.TryGetValue(issuer, out List<RevocationList>? found) ? [.. found] : [];
        }
    }

    /// <summary>True when exactly this certificate is trusted.</summary>
    public bool Contains(Certificate certificate)
    {
        lock (_lock)
        {
            Load(certificate.Subject);
            return _known.ContainsKey(certificate);
        }
    }

    /// <summary>What the store says about one of its certificates for one use.</summary>
    public TrustVerdict Judge(Certificate certificate, string use)
    {
        lock (_lock)
        {
            return _known.GetValueOrDefault(certificate)?.For(use) ?? TrustVerdict.Neutral;
        }
    }

    private static TlsError NoCertificate(string why) => TlsError.Numbered(why + ": cadata does not contain a certificate");

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

    private void Add(TrustItem item)
    {
        if (item.Certificate is not null)
        {
            Add(item.Certificate, item.Settings);
        }

        if (item.RevocationList is not null)
        {
            Add(item.RevocationList);
        }
    }

    private void Load(DistinguishedName subject)
    {
        foreach (HashedFolder folder in _folders)
        {
            if (_bySubject.ContainsKey(subject))
            {
                return;
            }

            foreach (TrustItem item in folder.Discover(subject, "").Where(item => item.Certificate is not null))
            {
                Add(item.Certificate!, item.Settings);
            }
        }
    }
}
