using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using IronPython.Runtime;
using IronPython.Runtime.Operations;

namespace SslModule.IronPython;

/// <summary>The password of a private key: bytes, text, or a callable that is asked when the key is encrypted.</summary>
internal sealed class Password : IDisposable
{
    // OpenSSL's PEM_BUFSIZE.
    private const int Longest = 1024;

    private readonly Func<byte[]> _fetch;
    private byte[] _bytes = [];

    /// <summary>Takes what a script gave; TypeError for a value that is no password.</summary>
    public Password(CodeContext context, object given)
    {
        if (PythonOps.IsCallable(context, given))
        {
            _fetch = () => Checked(_bytes = Bytes(PythonCalls.Call(context, given), "password callback must return a string"));
        }
        else
        {
            _bytes = Bytes(given, "password should be a string or callable");
            _fetch = () => Checked(_bytes);
        }
    }

    /// <summary>What the callable raised. A ValueError is an ArgumentException, which a reader of keys takes for a malformed key.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>The password; null when the callable failed.</summary>
    public byte[]? Ask()
    {
        try
        {
            return _fetch();
        }
        catch (Exception exception)
        {
            Failure = ExceptionDispatchInfo.Capture(exception);
            return null;
        }
    }

    /// <summary>Clears it.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    private static byte[] Bytes(object? value, string complaint)
    {
        return value switch
        {
            string text => Encoding.UTF8.GetBytes(text),
            Extensible<string> text => Encoding.UTF8.GetBytes(text.Value),
            Bytes bytes => [.. bytes],
            ByteArray bytes => [.. bytes],
            _ => throw Values.TypeError(complaint),
        };
    }

    // The length matters when a key is encrypted and asks.
    private static byte[] Checked(byte[] password)
        => password.Length <= Longest ? password : throw Values.ValueError($"password cannot be longer than {Longest} bytes");
}
