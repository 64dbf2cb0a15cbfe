using System.Runtime.InteropServices;
using SslModule.CPython.Native;

namespace SslModule.CPython.Binding;

/// <summary>
/// What stands between the interpreter and managed code: every call from C comes through here, and no exception gets past.
/// </summary>
internal static unsafe class Trampolines
{
    /// <summary>Runs a function with arguments.</summary>
    public static nint Call(delegate*<nint, in Arguments, nint> body, Signature signature, nint self, nint* given, nint count, nint keywordNames)
    {
        try
        {
            nint* room = stackalloc nint[Arguments.Most];
            var arguments = new Arguments(signature, room, given, count, keywordNames);
            return body(self, in arguments);
        }
        catch (Exception exception)
        {
            return PythonErrors.Raise(exception);
        }
    }

    /// <summary>Runs a function with one argument.</summary>
    public static nint Call(delegate*<nint, nint, nint> body, nint self, nint argument)
    {
        try
        {
            return body(self, argument);
        }
        catch (Exception exception)
        {
            return PythonErrors.Raise(exception);
        }
    }

    /// <summary>Runs a function with arguments by position only.</summary>
    public static nint Call(delegate*<nint, nint*, nint, nint> body, nint self, nint* given, nint count)
    {
        try
        {
            return body(self, given, count);
        }
        catch (Exception exception)
        {
            return PythonErrors.Raise(exception);
        }
    }

    /// <summary>Runs a type's <c>tp_new</c>.</summary>
    public static nint New(delegate*<nint, nint, nint, nint> body, nint type, nint tuple, nint dict)
    {
        try
        {
            return body(type, tuple, dict);
        }
        catch (Exception exception)
        {
            return PythonErrors.Raise(exception);
        }
    }

    /// <summary>Runs a function without arguments.</summary>
    public static nint Call(delegate*<nint, nint> body, nint self)
    {
        try
        {
            return body(self);
        }
        catch (Exception exception)
        {
            return PythonErrors.Raise(exception);
        }
    }

    // One pair serves every property of every type: the getset's closure names the managed functions.
    [UnmanagedCallersOnly]
    public static nint GetProperty(nint self, nint closure)
    {
        var property = (Property*)closure;
        return Call(property->Get, self);
    }

    [UnmanagedCallersOnly]
    public static int SetProperty(nint self, nint value, nint closure)
    {
        var property = (Property*)closure;
        try
        {
            if (value == 0)
            {
                string name = Marshal.PtrToStringUTF8((nint)property->Name)!;
                throw new PythonRaise(PythonData.AttributeError, $"attribute '{name}' of '{Values.BuiltInTypeName(self)}' objects cannot be deleted");
            }

            property->Set(self, value);
            return 0;
        }
        catch (Exception exception)
        {
            PythonErrors.Raise(exception);
            return -1;
        }
    }
}

/// <summary>The managed functions of a property, as its closure.</summary>
internal unsafe struct Property
{
    public delegate*<nint, nint> Get;
    public delegate*<nint, nint, void> Set;
    public byte* Name;
}
