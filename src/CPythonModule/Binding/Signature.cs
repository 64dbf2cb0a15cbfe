using SslModule.CPython.Native;

namespace SslModule.CPython.Binding;

/// <summary>The parameters of a function that takes them by position or by name.</summary>
/// <param name="function">Its name, for messages.</param>
/// <param name="required">How many must be given.</param>
/// <param name="names">All of them in order.</param>
internal sealed unsafe class Signature(string function, int required, params string[] names)
{
    private readonly nint[] _text = [.. names.Select(name => (nint)Tables.Text(name))];

    public string Function => function;

    public int Required => required;

    public int Count => names.Length;

    /// <summary>How many can be given by position; the rest by name only.</summary>
    public int Positional { get; init; } = names.Length;

    public string Name(int index) => names[index];

    /// <summary>The index of the parameter with this name, or -1.</summary>
    public int Find(nint name)
    {
        for (int i = 0; i < _text.Length; i++)
        {
            if (PythonApi.PyUnicode_CompareWithASCIIString(name, (byte*)_text[i]) == 0)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>The arguments of one call, in the order of its signature; all borrowed. Complaints are in the interpreter's words.</summary>
internal readonly unsafe ref struct Arguments
{
    /// <summary>The most parameters that any function has.</summary>
    public const int Most = 8;

    private readonly nint* _values;

    /// <summary>Sorts the arguments of a vector call.</summary>
    public Arguments(Signature signature, nint* room, nint* given, nint count, nint keywordNames)
    {
        _values = room;
        nint keywords = keywordNames == 0 ? 0 : PythonApi.PyTuple_Size(keywordNames);
        CheckCount(signature, count, keywords);
        for (int i = 0; i < signature.Count; i++)
        {
            _values[i] = i < count ? given[i] : 0;
        }

        nint unknown = 0;
        int twice = -1;
        for (nint i = 0; i < keywords; i++)
        {
            nint name = PythonApi.PyTuple_GetItem(keywordNames, i);
            int index = signature.Find(name);
            if (index < 0)
            {
                unknown = name;
            }
            else if (index < count)
            {
                twice = index;
            }
            else
            {
                _values[index] = given[count + i];
            }
        }

        CheckComplete(signature);
        CheckNames(signature, unknown, twice);
    }

    /// <summary>The argument, or 0 when it was not given.</summary>
    public nint this[int index] => _values[index];

    /// <summary>True when it was given and is not None.</summary>
    public bool Has(int index) => _values[index] != 0 && _values[index] != PythonData.None;

    /// <summary>Complains of a function without parameter names that got too few or too many arguments.</summary>
    public static void CheckPositional(string function, nint count, int least, int most)
    {
        if (count >= least && count <= most)
        {
            return;
        }

        int limit = count < least ? least : most;
        string kind = least == most ? "" : count < least ? "at least " : "at most ";
        throw PythonRaise.TypeError($"{function} expected {kind}{limit} argument{(limit == 1 ? "" : "s")}, got {count}");
    }

    private static void CheckCount(Signature signature, nint count, nint keywords)
    {
        if (count + keywords > signature.Count)
        {
            string kind = count == 0 ? "keyword " : "";
            throw PythonRaise.TypeError($"{signature.Function}() takes at most {signature.Count} {kind}argument{(signature.Count == 1 ? "" : "s")} ({count + keywords} given)");
        }

        if (count > signature.Positional)
        {
            throw PythonRaise.TypeError($"{signature.Function}() takes at most {signature.Positional} positional argument{(signature.Positional == 1 ? "" : "s")} ({count} given)");
        }
    }

    private void CheckComplete(Signature signature)
    {
        for (int i = 0; i < signature.Required; i++)
        {
            if (_values[i] == 0)
            {
                throw PythonRaise.TypeError($"{signature.Function}() missing required argument '{signature.Name(i)}' (pos {i + 1})");
            }
        }
    }

    private static void CheckNames(Signature signature, nint unknown, int twice)
    {
        if (twice >= 0)
        {
            throw PythonRaise.TypeError($"argument for {signature.Function}() given by name ('{signature.Name(twice)}') and position ({twice + 1})");
        }

        if (unknown != 0)
        {
            throw PythonRaise.TypeError(PythonData.Since(13)
                ? $"{signature.Function}() got an unexpected keyword argument '{Values.Text(unknown)}'"
                : $"'{Values.Text(unknown)}' is an invalid keyword argument for {signature.Function}()");
        }
    }
}
