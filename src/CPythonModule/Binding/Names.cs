using System.Text;
using SslModule.CPython.Native;

namespace SslModule.CPython.Binding;

/// <summary>Interned attribute names.</summary>
internal static unsafe class Names
{
    public static readonly nint TypeName = Intern("__name__");
    public static readonly nint QualifiedName = Intern("__qualname__");
    public static readonly nint Module = Intern("__module__");
    public static readonly nint Base = Intern("__base__");
    public static readonly nint Strerror = Intern("strerror");
    public static readonly nint Args = Intern("args");
    public static readonly nint Reason = Intern("reason");
    public static readonly nint Library = Intern("library");
    public static readonly nint VerifyCode = Intern("verify_code");
    public static readonly nint VerifyMessage = Intern("verify_message");
    public static readonly nint Explanation = Intern("_explanation");
    public static readonly nint Fileno = Intern("fileno");
    public static readonly nint GetTimeout = Intern("gettimeout");

    private static nint Intern(string name)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + "\0"))
        {
            return Values.Check(PythonApi.PyUnicode_InternFromString(text));
        }
    }
}
