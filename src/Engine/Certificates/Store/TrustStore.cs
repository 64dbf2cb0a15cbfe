using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>The counts of cert_store_stats().</summary>
/// <param name="Certificates">The number of certificates.</param>
/// <param name="RevocationLists">The number of CRLs.</param>
/// <param name="Authorities">The number of CA certificates.</param>
internal readonly record struct CertStoreStats(int Certificates, int RevocationLists, int Authorities);

/// <summary>The trusted certificates and CRLs of a context. Safe for concurrent use.</summary>
internal sealed class TrustStore
{
    // The length of a DER tag and a length byte.
    private const int ShortestHeader = 2;

    private readonly object _lock = new();
    private readonly Dictionary<DistinguishedName, List<Certificate>> _bySubject = [];
    private readonly Dictionary<DistinguishedName, List<RevocationList>> _byIssuer = [];
    private readonly List<Certificate> _certificates = [];
    private readonly Dictionary<Certificate, TrustSettings?> _known = [];
    private readonly HashSet<RevocationList> _lists = [];
    private readonly List<HashedDirectory> _folders = [];
    private readonly List<TrustSource> _sources = [];

    /// <summary>Adds the certificates and CRLs of a PEM file, or the CRL of a DER file. At least one must be found.</summary>
    public void AddFile(string path)
    {
        IReadOnlyList<TrustItem> items = TrustFiles.Read(path);
        foreach (TrustItem item in items)
        {
            Add(item);
        }

        Note(new TrustSource(TrustSourceKind.File, path, items.Count(item => item.Certificate is not null), items.Count(item => item.RevocationList is not null)));
    }

    /// <summary>
    /// Adds a directory of files named by the hash of their subject. Files are read when a name is looked up, so that adding a
    /// directory cannot fail, as in OpenSSL.
    /// </summary>
    public void AddDirectory(string path)
    {
        lock (_lock)
        {
            foreach (string directory in path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            {
                if (!_folders.Exists(folder => folder.Path == directory))
                {
                    _folders.Add(new HashedDirectory(directory));
                }
            }
        }
    }

    /// <summary>Adds the certificates of a PEM text; other blocks are ignored.</summary>
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

        Note(new TrustSource(TrustSourceKind.Data, "", added, 0));
    }

    /// <summary>Adds concatenated DER certificates. Trailing data is an error, as in Python since 3.12.</summary>
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

        Note(new TrustSource(TrustSourceKind.Data, "", added, 0));
    }

    /// <summary>
    /// Adds the system's trust anchors: OpenSSL's default file and directories where they exist, and on macOS, unless an environment
    /// variable overrides the location, the keychain roots. For Windows see <see cref="WindowsStores"/>.
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
                // Ignore a damaged system bundle, as OpenSSL does.
            }
        }

        foreach (string directory in DefaultVerifyPaths.EffectiveDirectories)
        {
            AddDirectory(directory);
        }

        if (OperatingSystem.IsMacOS() && !DefaultVerifyPaths.AreOverridden)
        {
            int before = Count().Certificates;
            PlatformRoots.AddTo(this);
            Note(new TrustSource(TrustSourceKind.Keychains, "", Count().Certificates - before, 0));
        }
    }

    /// <summary>Adds a certificate; false when it is already present.</summary>
    public bool Add(Certificate certificate, TrustSettings? settings = null)
    {
        lock (_lock)
        {
            // The trust settings of the first copy are kept.
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

    /// <summary>Adds a CRL; false when it is already present.</summary>
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

    /// <summary>The CA certificates, as get_ca_certs() returns them.</summary>
    public IReadOnlyList<Certificate> Authorities()
    {
        lock (_lock)
        {
            return [.. _certificates.Where(certificate => CertificateChecks.CaKind(certificate) != CaKind.None)];
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

    /// <summary>Where the certificates and CRLs came from, in the order added; the directories last.</summary>
    public IReadOnlyList<TrustSource> Sources()
    {
        lock (_lock)
        {
            return [.. _sources, .. _folders.Select(folder => folder.Source)];
        }
    }

    /// <summary>The trusted certificates with this subject, in the order added. Hashed directories are read when none was found yet.</summary>
    public IReadOnlyList<Certificate> FindBySubject(DistinguishedName subject)
    {
        lock (_lock)
        {
            Load(subject);
            return _bySubject.TryGetValue(subject, out List<Certificate>? found) ? [.. found] : [];
        }
    }

    /// <summary>The CRLs of this issuer. Hashed directories are searched for new ones each time.</summary>
    public IReadOnlyList<RevocationList> FindByIssuer(DistinguishedName issuer)
    {
        lock (_lock)
        {
            foreach (HashedDirectory folder in _folders)
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

    /// <summary>True when exactly this certificate is in the store.</summary>
    public bool Contains(Certificate certificate)
    {
        lock (_lock)
        {
            Load(certificate.Subject);
            return _known.ContainsKey(certificate);
        }
    }

    /// <summary>The trust settings of one of the store's certificates for a use.</summary>
    public TrustDecision GetTrust(Certificate certificate, string use)
    {
        lock (_lock)
        {
            return _known.GetValueOrDefault(certificate)?.For(use) ?? TrustDecision.Neutral;
        }
    }

    // A file that is loaded again is one source, and so are all data, which a program may load one certificate at a time.
    private void Note(TrustSource source)
    {
        lock (_lock)
        {
            int index = _sources.FindIndex(known => known.Kind == source.Kind && known.Path == source.Path);
            if (index < 0)
            {
                _sources.Add(source);
            }
            else
            {
                _sources[index] = source.Kind == TrustSourceKind.Data ? source with { Certificates = _sources[index].Certificates + source.Certificates } : source;
            }
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
        foreach (HashedDirectory folder in _folders)
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
