using IronPython.Runtime;

namespace SslModule.IronPython;

/// <content>_SSLContext: key-exchange groups and signature algorithms, with the names that Python 3.15 gives them.</content>
public static partial class PythonSsl
{
    public partial class _SSLContext
    {
        [Documentation("set_groups(grouplist): choose the key-exchange groups by a list in OpenSSL's form.")]
        public void set_groups(CodeContext context, object? grouplist) => Guard.Library(context, () => Context.SetGroups(Values.TextArgument(grouplist, "set_groups() argument")));

        [Documentation("get_groups(include_aliases=False): the names of the groups that the versions in force can use.")]
        public PythonList get_groups(CodeContext context, bool include_aliases = false)
            => Guard.Library(context, () => Values.List(Context.GroupNamesInForce(include_aliases), name => name));

        [Documentation("set_client_sigalgs(sigalgslist): choose how clients sign the handshake.")]
        public void set_client_sigalgs(CodeContext context, object? sigalgslist) => Guard.Library(context, () => Context.SetClientSignatureAlgorithms(Values.TextArgument(sigalgslist, "set_client_sigalgs() argument")));

        [Documentation("set_server_sigalgs(sigalgslist): choose how servers sign the handshake.")]
        public void set_server_sigalgs(CodeContext context, object? sigalgslist) => Guard.Library(context, () => Context.SetServerSignatureAlgorithms(Values.TextArgument(sigalgslist, "set_server_sigalgs() argument")));
    }
}
