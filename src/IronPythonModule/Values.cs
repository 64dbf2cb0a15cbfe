using System.Numerics;
using System.Runtime.CompilerServices;
using IronPython.Runtime;
using IronPython.Runtime.Exceptions;
using IronPython.Runtime.Operations;
using IronPython.Runtime.Types;

namespace SslModule.IronPython;

/// <summary>Values to and from Python.</summary>
internal static class Values
{
    /// <summary>A Python int: small ones are Int32, the others BigInteger.</summary>
    public static object Int(long value) => value is >= int.MinValue and <= int.MaxValue ? (int)value : new BigInteger(value);

    /// <summary>The number behind a Python int, or a TypeError.</summary>
    public static long Long(object? value) => value switch
    {
        int small => small,
        BigInteger big when big >= long.MinValue && big <= long.MaxValue => (long)big,
        BigInteger => throw Values.OverflowError("Python int too large to convert to C long"),
        Extensible<BigInteger> big => Long(big.Value),
        bool flag => flag ? 1 : 0,
        Enum => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),
        IPythonObject when PythonOps.TryGetBoundAttr(DefaultContext.Default, value, "__index__", out object? index) => Long(PythonCalls.Call(DefaultContext.Default, index)),
        _ => throw Values.TypeError($"'{Values.TypeName(value)}' object cannot be interpreted as an integer"),
    };

    /// <summary>The same, within 32 bits.</summary>
    public static int Int32(object? value) => Long(value) switch
    {
        > int.MaxValue => throw Values.OverflowError("signed integer is greater than maximum"),
        < int.MinValue => throw Values.OverflowError("signed integer is less than minimum"),
        long number => (int)number,
    };

    /// <summary>A count of bytes: one beyond what an array holds asks for as much as there can be.</summary>
    public static int Size(object? value) => (int)Math.Clamp(Long(value), int.MinValue, int.MaxValue);

    /// <summary>The low 64 bits of an int: what a property of flags takes, negative numbers too. Nothing that merely turns into one will do.</summary>
    public static ulong Mask(object? value) => value switch
    {
        int small => unchecked((ulong)small),
        BigInteger big => (ulong)(big & ulong.MaxValue),
        Extensible<BigInteger> big => (ulong)(big.Value & ulong.MaxValue),
        bool flag => flag ? 1u : 0u,
        Enum => unchecked((ulong)Long(value)),
        _ => throw TypeError($"argument must be int, not {ArgumentName(value)}"),
    };

    /// <summary>A bytes object that takes the array over; its public constructors copy.</summary>
    public static Bytes Bytes(byte[] owned) => Make(null, owned);

    /// <summary>A view of a bytes-like object, or a TypeError.</summary>
    public static IPythonBuffer Buffer(object? value, bool writable = false)
        => value is IBufferProtocol source
            ? source.GetBuffer(writable ? BufferFlags.Writable : BufferFlags.Simple)
            : throw Values.TypeError($"a bytes-like object is required, not '{Values.TypeName(value)}'");

    /// <summary>A path from str or bytes, or a TypeError with <paramref name="complaint"/>.</summary>
    public static string Path(object? value, string complaint)
    {
        string path = value switch
        {
            string text => text,
            Extensible<string> text => text.Value,
            Bytes bytes => System.Text.Encoding.UTF8.GetString([.. bytes]),
            _ => throw TypeError(complaint),
        };
        if (!OperatingSystem.IsWindows())
        {
            // A path of Windows may hold half a character, one of Unix is bytes.
            RefuseHalfCharacters(path);
        }

        return path.Contains('\0', StringComparison.Ordinal) ? throw ValueError("embedded null byte") : path;
    }

    /// <summary>The text of a str, or a TypeError.</summary>
    public static string Text(object? value) => value switch
    {
        string text => text,
        Extensible<string> text => text.Value,
        _ => throw Values.TypeError($"expected str, got {Values.TypeName(value)}"),
    };

    /// <summary>A str argument that a C program could take: without NUL characters.</summary>
    /// <param name="value">The argument.</param>
    /// <param name="place">Which it is, as <c>f() argument</c> or <c>f() argument 'x'</c>.</param>
    public static string TextArgument(object? value, string place)
    {
        string text = value switch
        {
            string plain => plain,
            Extensible<string> derived => derived.Value,
            _ => throw TypeError($"{place} must be str, not {ArgumentName(value)}"),
        };
        RefuseHalfCharacters(text);
        return text.Contains('\0', StringComparison.Ordinal) ? throw ValueError("embedded null character") : text;
    }

    /// <summary>A Python list of what <paramref name="convert"/> makes of each item.</summary>
    public static PythonList List<T>(IEnumerable<T> items, Func<T, object?> convert)
    {
        var list = new PythonList();
        foreach (T item in items)
        {
            list.append(convert(item));
        }

        return list;
    }

    /// <summary>TypeError. IronPython's own helpers take a format, which a text from outside must never be.</summary>
    public static Exception TypeError(string message) => PythonOps.CreateThrowable(PythonExceptions.TypeError, message);

    /// <summary>ValueError.</summary>
    public static Exception ValueError(string message) => PythonOps.CreateThrowable(PythonExceptions.ValueError, message);

    /// <summary>OverflowError.</summary>
    public static Exception OverflowError(string message) => PythonOps.CreateThrowable(PythonExceptions.OverflowError, message);

    /// <summary>A Python tuple.</summary>
    public static PythonTuple Tuple(params object?[] items) => new(items);

    /// <summary>How complaints of arguments name what they got.</summary>
    public static string ArgumentName(object? value) => value is null ? "None" : TypeName(value);

    /// <summary>The name of a value's Python type.</summary>
    public static string TypeName(object? value) => value is int ? "int" : PythonType.Get__name__(DynamicHelpers.GetPythonType(value));

    /// <summary>A Python tuple of what <paramref name="convert"/> makes of each item.</summary>
    public static PythonTuple Tuple<T>(IEnumerable<T> items, Func<T, object?> convert)
    {
        var converted = new List<object?>();
        foreach (T item in items)
        {
            converted.Add(convert(item));
        }

        return new PythonTuple(converted.ToArray());
    }

    // A surrogate without its other half: no text that a C program could get.
    private static void RefuseHalfCharacters(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (at + 1 < text.Length && char.IsSurrogatePair(text, at))
            {
                at++;
            }
            else if (char.IsSurrogate(text[at]))
            {
                throw PythonOps.CreateThrowable(PythonExceptions.UnicodeEncodeError, "utf-8", text, at, at + 1, "surrogates not allowed");
            }
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Make")]
    private static extern Bytes Make(Bytes? type, byte[] bytes);
}
