using System.Text;
using IronPython.Runtime;
using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;

namespace SslModule.IronPython;

/// <content>_SSLContext: settings and trust.</content>
public static partial class PythonSsl
{
    [PythonType]
    [Documentation("Settings, certificates and keys that connections share.")]
    public partial class _SSLContext
    {
        private readonly CodeContext _python;

        public _SSLContext(CodeContext context, object? protocol)
        {
            _python = context;
            int number = Values.Int32(protocol);
            Context = Guard.Library(context, () => new TlsContext((TlsProtocolSelection)number, ProcessClock.Instance));
            WarmUp.Begin();
        }

        public int protocol => (int)Context.Protocol;

        public object _host_flags
        {
            get => Values.Int((uint)Context.HostFlags);
            set => Context.HostFlags = unchecked((int)Values.Long(value));
        }

        public object? keylog_filename
        {
            get => Context.KeyLogFilename;
            set => Set(() =>
            {
                // As CPython does it: what is no name ends the former log, too.
                Context.KeyLogFilename = null;
                Context.KeyLogFilename = value is null ? null : Values.Path(value, "keylog_filename should be a valid filesystem path");
            });
        }

        public object minimum_version
        {
            get => Context.MinimumVersion;
            set => Set(() => Context.MinimumVersion = Values.Int32(value));
        }

        public object maximum_version
        {
            get => Context.MaximumVersion;
            set => Set(() => Context.MaximumVersion = Values.Int32(value));
        }

        public object num_tickets
        {
            get => Values.Int(Context.NumTickets);
            set => Set(() => Context.NumTickets = Values.Long(value));
        }

        public object options
        {
            get => Values.Int((long)Context.Options);
            set => Context.Options = unchecked((ulong)Values.Long(value));
        }

        public bool post_handshake_auth
        {
            get => Context.PostHandshakeAuth;
            set => Context.PostHandshakeAuth = value;
        }

        [Documentation("Whether a client offers each TLS 1.3 ticket once.")]
        public bool single_use_tickets
        {
            get => Context.SingleUseTickets;
            set => Context.SingleUseTickets = value;
        }

        public int security_level => Context.SecurityLevel;

        public object verify_flags
        {
            get => Values.Int(Context.VerifyFlags);
            set => Context.VerifyFlags = unchecked((long)Values.Mask(value));
        }

        public object verify_mode
        {
            get => (int)Context.VerifyMode;
            set
            {
                var mode = (VerifyMode)Values.Int32(value);
                if (mode == VerifyMode.None && _comparedInPython)
                {
                    throw Values.ValueError("Cannot set verify_mode to CERT_NONE when check_hostname is enabled.");
                }

                Set(() => Context.VerifyMode = mode);
            }
        }

        internal TlsContext Context { get; }

        internal CodeContext Python => _python;

        [Documentation("set_ciphers(cipherlist): choose the ciphers by an OpenSSL cipher list.")]
        public void set_ciphers(CodeContext context, object? cipherlist) => Guard.Library(context, () => Context.SetCiphers(Values.TextArgument(cipherlist, "set_ciphers() argument")));

        [Documentation("set_ciphersuites(ciphersuites): choose the TLS 1.3 ciphers by their names.")]
        public void set_ciphersuites(CodeContext context, object? ciphersuites) => Guard.Library(context, () => Context.SetCipherSuites(Values.TextArgument(ciphersuites, "set_ciphersuites() argument")));

        [Documentation("get_ciphers(): the enabled ciphers, in order, as dicts.")]
        public PythonList get_ciphers() => Values.List(Context.EnabledCiphers, Cipher);

        [Documentation("_set_alpn_protocols(protos): set the ALPN protocols from their wire form.")]
        public void _set_alpn_protocols(CodeContext context, object? protos)
        {
            using IPythonBuffer wire = Values.Buffer(protos);
            byte[] bytes = wire.AsReadOnlySpan().ToArray();
            Guard.Library(context, () => Context.SetAlpnProtocols(bytes));
        }

        [Documentation("set_ecdh_curve(name): set the curve for ECDH key exchange.")]
        public void set_ecdh_curve(CodeContext context, object? name)
            => Guard.Library(context, () => Context.SetEcdhCurve(Values.Path(name, $"expected str, got {Values.TypeName(name)}")));

        [Documentation("load_dh_params(filepath): load Diffie-Hellman parameters from a PEM file.")]
        public void load_dh_params(CodeContext context, object? filepath)
            => Guard.Library(context, () => Context.LoadDhParams(Values.Path(filepath, "filepath should be a valid filesystem path")));

        [Documentation("load_cert_chain(certfile, keyfile=None, password=None): load a certificate chain and its key from PEM files.")]
        public void load_cert_chain(CodeContext context, object? certfile, object? keyfile = null, object? password = null)
        {
            string certificates = Values.Path(certfile, "certfile should be a valid filesystem path");
            string? key = keyfile is null ? null : Values.Path(keyfile, "keyfile should be a valid filesystem path");
            using Password? secret = password is null ? null : new Password(context, password);
            try
            {
                Guard.Library(context, () => Context.LoadCertChain(certificates, key, secret is null ? null : secret.Ask));
            }
            catch (Exception) when (secret?.Failure is not null)
            {
                secret.Failure.Throw();
            }
        }

        [Documentation("load_verify_locations(cafile=None, capath=None, cadata=None): trust the certificates of a file, a directory or data.")]
        public void load_verify_locations(CodeContext context, object? cafile = null, object? capath = null, object? cadata = null)
        {
            if (cafile is null && capath is null && cadata is null)
            {
                throw Values.TypeError("cafile, capath and cadata cannot be all omitted");
            }

            string? file = cafile is null ? null : Values.Path(cafile, "cafile should be a valid filesystem path");
            string? directory = capath is null ? null : Values.Path(capath, "capath should be a valid filesystem path");
            Guard.Library(context, () =>
            {
                LoadData(cadata);
                Context.LoadVerifyLocations(file, directory);
            });
        }

        [Documentation("set_default_verify_paths(): trust the system's certificates.")]
        public void set_default_verify_paths(CodeContext context) => Guard.Library(context, Context.SetDefaultVerifyPaths);

        [Documentation("session_stats(): the session statistics as a dict.")]
        public PythonDictionary session_stats()
        {
            var dict = new PythonDictionary();
            foreach ((string name, long count) in Context.Statistics.Snapshot())
            {
                dict[name] = Values.Int(count);
            }

            return dict;
        }

        [Documentation("cert_store_stats(): count the loaded certificates and CRLs.")]
        public PythonDictionary cert_store_stats()
        {
            CertStoreStats counts = Context.Trust.Count();
            return new PythonDictionary { ["x509"] = counts.Certificates, ["crl"] = counts.RevocationLists, ["x509_ca"] = counts.Authorities };
        }

        [Documentation("get_ca_certs(binary_form=False): the loaded CA certificates as dicts or as DER.")]
        public PythonList get_ca_certs(bool binary_form = false)
            => Values.List<Engine.Certificates.Certificate>(Context.Trust.Authorities(), certificate => binary_form ? new Bytes(certificate.Encoded.ToArray()) : CertificateValues.Decoded(certificate));

        private static PythonDictionary Cipher(CipherSuiteInfo suite) => new()
        {
            ["id"] = suite.OpenSslId,
            ["name"] = suite.Name,
            ["protocol"] = suite.Protocol,
            ["description"] = suite.Description,
            ["strength_bits"] = suite.StrengthBits,
            ["alg_bits"] = suite.AlgBits,
            ["aead"] = suite.Aead,
            ["symmetric"] = suite.Symmetric,
            ["digest"] = suite.Digest,
            ["kea"] = suite.Kea,
            ["auth"] = suite.Auth,
        };

        private void LoadData(object? data)
        {
            switch (data)
            {
                case null:
                    break;
                case string text when Ascii.IsValid(text):
                    Context.LoadVerifyPem(text);
                    break;
                case Extensible<string> text when Ascii.IsValid(text.Value):
                    Context.LoadVerifyPem(text.Value);
                    break;
                case IBufferProtocol:
                    using (IPythonBuffer view = Values.Buffer(data))
                    {
                        Context.LoadVerifyDer(view.AsReadOnlySpan().ToArray());
                    }

                    break;
                default:
                    throw Values.TypeError("cadata should be an ASCII string or a bytes-like object");
            }
        }

        private void Set(Action assign) => Guard.Library(_python, assign);
    }
}
