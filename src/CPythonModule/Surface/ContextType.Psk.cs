using System.Runtime.InteropServices;
using System.Text;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Context;

namespace SslModule.CPython.Surface;

/// <content>Pre-shared keys.</content>
internal static unsafe partial class ContextType
{
    private static readonly Signature PskClientSignature = new("set_psk_client_callback", 1, "callback");
    private static readonly Signature PskServerSignature = new("set_psk_server_callback", 1, "callback", "identity_hint");

    private static nint SetPskClient(nint self, in Arguments arguments)
    {
        ContextHandle handle = Instance.Of<ContextHandle>(self);
        nint callback = CallbackOrNone(arguments[0]);
        handle.Context.PskClientCallback = callback == 0 ? null : (_, hint) => OnPskClient(handle, hint);
        Instance.SetReference(self, PskClientCallback, callback);
        return Values.None();
    }

    private static nint SetPskServer(nint self, in Arguments arguments)
    {
        ContextHandle handle = Instance.Of<ContextHandle>(self);
        nint callback = CallbackOrNone(arguments[0]);
        string? hint = arguments.Has(1) ? Values.Text(arguments[1]) : null;
        handle.Context.PskServerCallback = callback == 0 ? null : (_, identity) => OnPskServer(handle, identity);
        handle.Context.PskIdentityHint = hint;
        Instance.SetReference(self, PskServerCallback, callback);
        return Values.None();
    }

    private static nint CallbackOrNone(nint value)
    {
        if (value == PythonData.None)
        {
            return 0;
        }

        return PythonApi.PyCallable_Check(value) != 0 ? value : throw PythonRaise.TypeError("callback must be callable");
    }

    private static PskCredentials? OnPskClient(ContextHandle handle, string? hint)
        => AskForPsk(handle, PskClientCallback, hint, result =>
        {
            if (!Values.IsInstance(result, PythonData.TupleType))
            {
                throw PythonRaise.TypeError($"callback must return a tuple, not {Values.TypeName(result)}");
            }

            if (PythonApi.PyTuple_Size(result) != 2)
            {
                throw PythonRaise.TypeError($"callback must return exactly 2 items ({PythonApi.PyTuple_Size(result)} given)");
            }

            nint identity = PythonApi.PyTuple_GetItem(result, 0);
            return new PskCredentials(
                identity == PythonData.None ? default : Values.IsUnicode(identity) ? Encoding.UTF8.GetBytes(Values.Text(identity)) : Copy(identity),
                Copy(PythonApi.PyTuple_GetItem(result, 1)));
        });

    private static ReadOnlyMemory<byte>? OnPskServer(ContextHandle handle, string? identity)
        => AskForPsk(handle, PskServerCallback, identity, Copy);

    /// <summary>What the callback raises, and what it must not answer, is reported once; the handshake then has no key.</summary>
    private static T? AskForPsk<T>(ContextHandle handle, int index, string? text, Func<nint, T> convert)
    {
        using var gil = new WithGil();
        nint callback = Instance.Reference(handle.Self, index);
        if (callback == 0)
        {
            return default;
        }

        PythonApi.Py_IncRef(callback);
        using var held = new Owned(callback);
        try
        {
            using var argument = new Owned(Values.StrOrNone(text));
            using var result = new Owned(Values.Call(callback, argument.Value));
            return convert(result.Value);
        }
        catch (Exception exception)
        {
            PythonErrors.Raise(exception);
            PythonApi.PyErr_WriteUnraisable(callback);
            return default;
        }
    }

    private static byte[] Copy(nint value)
    {
        using var view = new BufferView(value);
        return view.Span.ToArray();
    }

    private static partial class Trampoline
    {
        [UnmanagedCallersOnly]
        public static nint SetPskClient(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ContextType.SetPskClient, PskClientSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint SetPskServer(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ContextType.SetPskServer, PskServerSignature, self, given, count, names);
    }
}
