using IronPython.Runtime;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;

namespace SslModule.IronPython;

/// <content>_SSLSocket: what the connection knows.</content>
public static partial class PythonSsl
{
    public sealed partial class _SSLSocket
    {
        [Documentation("The context of the connection; set in an SNI callback it changes the handshake.")]
        public object? context
        {
            get => _context;
            set
            {
                _context = value as _SSLContext ?? throw Values.TypeError("The value must be a SSLContext");
                _connection.Context = _context.Context;
            }
        }

        [Documentation("Whether this is a server-side socket.")]
        public bool server_side => _connection.ServerSide;

        [Documentation("The currently set server hostname (for SNI).")]
        public string? server_hostname => _connection.ServerHostname;

        [Documentation("The Python-level owner of this object.")]
        public object? owner
        {
            get => _owner is not null && _owner.TryGetTarget(out object? owner) ? owner : null;
            set => _owner = value is null ? null : new WeakReference<object>(value);
        }

        [Documentation("The underlying SSLSession object.")]
        public object? session
        {
            get => _connection.Session is { } session ? new SSLSession(session) : null;
            set => Guard.Library(_context.Python, () => _connection.Session = value is SSLSession session
                ? session.Session
                : throw Values.TypeError("Value is not a SSLSession."));
        }

        [Documentation("Was the client session reused during handshake?")]
        public bool session_reused => _connection.SessionReused;

        [Documentation("getpeercert(binary_mode=False): the peer's certificate: a dict, DER bytes with binary_mode, or None.")]
        public object? getpeercert(bool binary_mode = false)
        {
            if (!_connection.IsHandshakeComplete)
            {
                throw Values.ValueError("handshake not done yet");
            }

            if (_connection.PeerCertificate is not { } certificate)
            {
                return null;
            }

            if (binary_mode)
            {
                return new Bytes(certificate.Encoded.ToArray());
            }

            return _connection.VerifyMode == VerifyMode.None ? new PythonDictionary() : CertificateValues.Decoded(certificate);
        }

        [Documentation("IronPython 3.4's name of getpeercert.")]
        public object? peer_certificate(bool binary_mode = false) => getpeercert(binary_mode);

        [Documentation("get_channel_binding(cb_type='tls-unique'): channel binding data (RFC 5929).")]
        public Bytes? get_channel_binding(CodeContext context, object? cb_type)
        {
            string name = Values.TextArgument(cb_type, "get_channel_binding() argument 'cb_type'");
            return Guard.Library(context, () => _connection.GetChannelBinding(name) is { } data ? new Bytes(data) : null);
        }

        public Bytes? get_channel_binding(CodeContext context) => get_channel_binding(context, "tls-unique");

        [Documentation("IronPython 3.4's name of get_channel_binding('tls-unique').")]
        public Bytes? tls_unique_cb(CodeContext context) => get_channel_binding(context);

        [Documentation("cipher(): (name, protocol version, secret bits).")]
        public PythonTuple? cipher() => _connection.Cipher is { } suite ? CipherTuple(suite) : null;

        [Documentation("shared_ciphers(): on a server, the ciphers both ends have.")]
        public PythonList? shared_ciphers() => _connection.SharedCiphers is { } suites ? Values.List(suites, CipherTuple) : null;

        [Documentation("version(): the protocol version in use.")]
        public string? version() => _connection.Version;

        [Documentation("selected_alpn_protocol(): the protocol that ALPN settled on.")]
        public string? selected_alpn_protocol()
            => _connection.SelectedAlpn is { } protocol ? System.Text.Encoding.UTF8.GetString(protocol) : null;

        [Documentation("group(): the group that the keys were agreed on in.")]
        public string? group() => _connection.Group;

        [Documentation("client_sigalg(): how the client signed the handshake.")]
        public string? client_sigalg() => _connection.ClientSignature;

        [Documentation("server_sigalg(): how the server signed the handshake.")]
        public string? server_sigalg() => _connection.ServerSignature;

        [Documentation("compression(): None, the engine does not compress.")]
        public string? compression() => _connection.Compression;

        [Documentation("verify_client_post_handshake(): ask the client for a certificate after the handshake (TLS 1.3).")]
        public void verify_client_post_handshake(CodeContext context)
        {
            try
            {
                _connection.RequestClientCertificate();
            }
            catch (Exception exception) when (!Guard.IsPythons(exception))
            {
                throw Guard.Translate(context, exception, SslErrors.Origin.Connection);
            }
        }

        [Documentation("get_unverified_chain(): the certificates as the peer sent them.")]
        public PythonList? get_unverified_chain() => Chain(_connection.SentChain);

        [Documentation("get_verified_chain(): the chain that verified.")]
        public PythonList? get_verified_chain() => Chain(_connection.BuiltChain);

        private static PythonList? Chain(IReadOnlyList<Engine.Certificates.Certificate>? chain)
            => chain is null || chain.Count == 0 ? null : Values.List(chain, certificate => new Certificate(certificate));

        private static PythonTuple CipherTuple(CipherSuiteInfo suite) => Values.Tuple(suite.Name, suite.Protocol, suite.StrengthBits);

        private void ApplySession(CodeContext python, object? value)
        {
            if (value is not null)
            {
                session = value;
            }
        }
    }
}
