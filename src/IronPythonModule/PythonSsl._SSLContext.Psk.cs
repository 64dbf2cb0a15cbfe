using System.Text;
using IronPython.Runtime;
using IronPython.Runtime.Operations;
using SslModule.Engine.Context;

namespace SslModule.IronPython;

/// <content>_SSLContext: pre-shared keys.</content>
public static partial class PythonSsl
{
    public partial class _SSLContext
    {
        [Documentation("set_psk_client_callback(callback): callback(hint or None) answers (identity or None, key).")]
        public void set_psk_client_callback(CodeContext context, object? callback)
        {
            CheckCallable(callback);
            Guard.Library(context, () => Context.PskClientCallback = callback is null ? null : (_, hint) => AskForPsk(callback, hint, Credentials));
        }

        [Documentation("set_psk_server_callback(callback, identity_hint=None): callback(identity or None) answers the key.")]
        public void set_psk_server_callback(CodeContext context, object? callback, object? identity_hint = null)
        {
            CheckCallable(callback);
            string? hint = identity_hint is null ? null : Values.TextArgument(identity_hint, "set_psk_server_callback() argument 2");
            Guard.Library(context, () =>
            {
                Context.PskServerCallback = callback is null ? null : (_, identity) => AskForPsk<ReadOnlyMemory<byte>?>(callback, identity, answer => Copy(answer));
                Context.PskIdentityHint = hint;
            });
        }

        private static PskCredentials Credentials(object? answer)
        {
            if (answer is not PythonTuple pair)
            {
                throw Values.TypeError($"callback must return a tuple, not {Values.TypeName(answer)}");
            }

            if (pair.Count != 2)
            {
                throw Values.TypeError($"callback must return exactly 2 items ({pair.Count} given)");
            }

            byte[] identity = pair[0] switch
            {
                null => [],
                string text => Encoding.UTF8.GetBytes(text),
                Extensible<string> text => Encoding.UTF8.GetBytes(text.Value),
                object bytes => Copy(bytes),
            };
            return new PskCredentials(identity, Copy(pair[1]));
        }

        private static byte[] Copy(object? value)
        {
            using IPythonBuffer view = Values.Buffer(value);
            return view.AsReadOnlySpan().ToArray();
        }

        private void CheckCallable(object? callback)
        {
            if (callback is not null && !PythonOps.IsCallable(_python, callback))
            {
                throw Values.TypeError("callback must be callable");
            }
        }

        /// <summary>What the callback raises, and what it must not answer, is reported once; the handshake then has no key.</summary>
        private T? AskForPsk<T>(object callback, string? text, Func<object?, T> convert)
        {
            try
            {
                return convert(PythonCalls.Call(_python, callback, text));
            }
            catch (Exception exception)
            {
                Unraisable.Report(_python, callback, exception);
                return default;
            }
        }
    }
}
