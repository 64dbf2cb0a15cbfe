using SslModule.CPython.Native;

namespace SslModule.CPython.Binding;

/// <summary>The parameters of a function as Python sees them.</summary>
/// <param name="function">Its name, for messages.</param>
/// <param name="positionalOnly">How many cannot be given by name.</param>
/// <param name="required">How many must be given.</param>
/// <param name="names">All of them in order.</param>
internal sealed unsafe class Signature(string function, int positionalOnly, int required, params string[] names)
{
    private readonly nint[] _text = [.. names.Select(name => (nint)Tables.Text(name))];

    public string Function => function;

    public int PositionalOnly => positionalOnly;

    public int Required => required;

    public int Count => names.Length;

    public string Name(int index) => names[index];

    /// <summary>The index of the parameter with this name, or -1.</summary>
    public int Find(nint name)
    {
        for (int i = positionalOnly; i < _text.Length; i++)
        {
            if (PythonApi.PyUnicode_CompareWithASCIIString(name, (byte*)_text[i]) == 0)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>The arguments of one call, in the order of its signature; all borrowed.</summary>
internal readonly unsafe ref struct Arguments
{
    /// <summary>The most parameters that any function has.</summary>
    public const int Most = 8;

    private readonly nint* _values;

    /// <summary>Sorts the arguments of a vector call.</summary>
    public Arguments(Signature signature, nint* room, nint* given, nint count, nint keywordNames)
    {
        _values = room;
        PlacePositional(signature, given, count);
        if (keywordNames != 0)
        {
            nint keywords = PythonApi.PyTuple_Size(keywordNames);
            for (nint i = 0; i < keywords; i++)
            {
                Place(signature, PythonApi.PyTuple_GetItem(keywordNames, i), given[count + i]);
            }
        }

        CheckRequired(signature, count);
    }

    /// <summary>Sorts the arguments that <c>tp_new</c> gets: a tuple and a dict or NULL.</summary>
    public Arguments(Signature signature, nint* room, nint tuple, nint dict)
    {
        _values = room;
        nint count = PythonApi.PyTuple_Size(tuple);
        nint* given = stackalloc nint[Most];
        for (nint i = 0; i < Math.Min(count, Most); i++)
        {
            given[i] = PythonApi.PyTuple_GetItem(tuple, i);
        }

        PlacePositional(signature, given, count);
        for (int i = signature.PositionalOnly; dict != 0 && i < signature.Count; i++)
        {
            using var name = new Owned(Values.Str(signature.Name(i)));
            nint value = PythonApi.PyDict_GetItemWithError(dict, name.Value);
            if (value != 0)
            {
                _values[i] = value;
            }
        }

        CheckRequired(signature, count);
    }

    /// <summary>The argument, or 0 when it was not given.</summary>
    public nint this[int index] => _values[index];

    /// <summary>True when it was given and is not None.</summary>
    public bool Has(int index) => _values[index] != 0 && _values[index] != PythonData.None;

    private void PlacePositional(Signature signature, nint* given, nint count)
    {
        if (count > signature.Count)
        {
            string limit = signature.Required == signature.Count ? "exactly" : "at most";
            throw PythonRaise.TypeError($"{signature.Function}() takes {limit} {signature.Count} argument{(signature.Count == 1 ? "" : "s")} ({count} given)");
        }

        for (int i = 0; i < signature.Count; i++)
        {
            _values[i] = i < count ? given[i] : 0;
        }
    }

    private void Place(Signature signature, nint name, nint value)
    {
        int index = signature.Find(name);
        if (index < 0)
        {
            throw PythonRaise.TypeError($"'{Values.Text(name)}' is an invalid keyword argument for {signature.Function}()");
        }

        if (_values[index] != 0)
        {
            throw PythonRaise.TypeError($"argument for {signature.Function}() given by name ('{signature.Name(index)}') and position ({index + 1})");
        }

        _values[index] = value;
    }

    private void CheckRequired(Signature signature, nint count)
    {
        for (int i = 0; i < signature.Required; i++)
        {
            if (_values[i] == 0)
            {
                throw PythonRaise.TypeError(i < signature.PositionalOnly
                    ? $"{signature.Function}() takes at least {signature.Required} positional argument{(signature.Required == 1 ? "" : "s")} ({count} given)"
                    : $"{signature.Function}() missing required argument '{signature.Name(i)}' (pos {i + 1})");
            }
        }
    }
}
