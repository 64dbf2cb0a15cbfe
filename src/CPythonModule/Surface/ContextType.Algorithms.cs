using System.Runtime.InteropServices;
using SslModule.CPython.Binding;

namespace SslModule.CPython.Surface;

/// <content>Key-exchange groups and signature algorithms, with the names that Python 3.15 gives them.</content>
internal static unsafe partial class ContextType
{
    private static readonly Signature GetGroupsSignature = new("get_groups", 0, "include_aliases") { Positional = 0 };

    private static nint SetGroups(nint self, nint list)
    {
        Of(self).SetGroups(Values.TextArgument(list, "set_groups() argument"));
        return Values.None();
    }

    private static nint GetGroups(nint self, in Arguments arguments)
        => Values.List(Of(self).GroupNamesInForce(arguments[0] != 0 && Values.Truth(arguments[0])), Values.Str);

    private static nint SetClientSigalgs(nint self, nint list)
    {
        Of(self).SetClientSignatureAlgorithms(Values.TextArgument(list, "set_client_sigalgs() argument"));
        return Values.None();
    }

    private static nint SetServerSigalgs(nint self, nint list)
    {
        Of(self).SetServerSignatureAlgorithms(Values.TextArgument(list, "set_server_sigalgs() argument"));
        return Values.None();
    }

    private static partial class Trampoline
    {
        [UnmanagedCallersOnly]
        public static nint SetGroups(nint self, nint argument) => Trampolines.Call(&ContextType.SetGroups, self, argument);

        [UnmanagedCallersOnly]
        public static nint GetGroups(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ContextType.GetGroups, GetGroupsSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint SetClientSigalgs(nint self, nint argument) => Trampolines.Call(&ContextType.SetClientSigalgs, self, argument);

        [UnmanagedCallersOnly]
        public static nint SetServerSigalgs(nint self, nint argument) => Trampolines.Call(&ContextType.SetServerSigalgs, self, argument);
    }
}
