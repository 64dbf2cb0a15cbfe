using IronPython.Runtime;
using IronPython.Runtime.Exceptions;
using IronPython.Runtime.Operations;
using SslModule.Engine.Context;

namespace SslModule.IronPython;

/// <content>_SSLContext: what the ssl.py that comes with IronPython, Python 3.4's, expects of it and later ones do not.</content>
public static partial class PythonSsl
{
    public partial class _SSLContext
    {
        private bool _comparedInPython;

        // Python 3.4 compares the name in ssl.py once the handshake is over, and raises its own CertificateError.
        [Documentation("Whether ssl.py compares the server's name after the handshake; see _check_hostname.")]
        public bool check_hostname
        {
            get => _comparedInPython || Context.CheckHostname;
            set
            {
                RequireVerification(value);
                (_comparedInPython, Context.CheckHostname) = (value, false);
            }
        }

        [Documentation("Whether the server's name is compared in the handshake: the peer hears of a refusal.")]
        public bool _check_hostname
        {
            get => Context.CheckHostname;
            set
            {
                RequireVerification(value);
                (_comparedInPython, Context.CheckHostname) = (false, value);
            }
        }

        [Documentation("set_servername_callback(method): called on a server with (socket, server name or None, context).")]
        public void set_servername_callback(CodeContext context, object? method)
        {
            if (method is not null && !PythonOps.IsCallable(context, method))
            {
                sni_callback = null;
                throw Values.TypeError("not a callable object");
            }

            sni_callback = method;
        }

        [Documentation("_set_npn_protocols(protocols): not there, Next Protocol Negotiation never became a standard.")]
        public void _set_npn_protocols(object? protocols)
            => throw PythonOps.CreateThrowable(PythonExceptions.NotImplementedError, "Next Protocol Negotiation is not available, ALPN took its place");

        private void RequireVerification(bool checks)
        {
            if (checks && Context.VerifyMode == VerifyMode.None)
            {
                throw Values.ValueError("check_hostname needs a SSL context with either CERT_OPTIONAL or CERT_REQUIRED");
            }
        }
    }
}
