namespace SslModule.Engine.Ciphers;

/// <summary>Parses a cipher string from left to right and applies each rule as it is read.</summary>
internal ref struct CipherListReader(string list)
{
    private const string DefaultWord = "DEFAULT";
    private const int HighestLevel = 5;

    private readonly string _list = list;
    private int _position;

    /// <summary>
    /// Applies the rules to <paramref name="selection"/>. A rule with an unknown word is skipped. Returns false for invalid syntax,
    /// where parsing stops, and for an unknown <c>@</c> command, after which it continues.
    /// </summary>
    public bool Apply(CipherSelection selection, ref int securityLevel)
    {
        // DEFAULT is a keyword only here, and needs no separator after it.
        if (_list.StartsWith(DefaultWord, StringComparison.Ordinal))
        {
            new CipherListReader(CipherList.OpenSslDefault).Apply(selection, ref securityLevel);
            _position = DefaultWord.Length;
        }

        bool wellFormed = true;
        while (_position < _list.Length)
        {
            char first = _list[_position];
            if (IsSeparator(first))
            {
                _position++;
                continue;
            }

            if (first is '-' or '+' or '!' or '@')
            {
                _position++;
            }

            if (first == '@')
            {
                if (ReadWord() is not { Length: > 0 } command)
                {
                    return false;
                }

                wellFormed &= ApplyCommand(command, selection, ref securityLevel);
                SkipToSeparator();
            }
            else if (!ReadSet(out Predicate<CipherSuiteInfo>? set, out bool meansTripleDes))
            {
                return false;
            }
            else if (set is null)
            {
                SkipToSeparator();
            }
            else
            {
                ApplyRule(first, set, meansTripleDes, selection);
            }
        }

        return wellFormed;
    }

    private static void ApplyRule(char kind, Predicate<CipherSuiteInfo> set, bool meansTripleDes, CipherSelection selection)
    {
        switch (kind)
        {
            case '-':
                selection.Remove(set);
                break;
            case '+':
                selection.Demote(set);
                break;
            case '!':
                selection.Ban(set);
                break;
            default:
                selection.Add(suite => set(suite) && (meansTripleDes || !CipherAliases.IsTripleDes(suite)));
                break;
        }
    }

    private static bool ApplyCommand(string command, CipherSelection selection, ref int securityLevel)
    {
        const string levelCommand = "SECLEVEL=";
        if (command == "STRENGTH")
        {
            selection.SortByStrength();
            return true;
        }

        if (command.Length != levelCommand.Length + 1 || !command.StartsWith(levelCommand, StringComparison.Ordinal)
            || command[^1] - '0' is not (>= 0 and <= HighestLevel))
        {
            return false;
        }

        securityLevel = command[^1] - '0';
        return true;
    }

    /// <summary>
    /// Reads words joined by <c>+</c> as the intersection of their sets. Null when a word is unknown; false when a word is
    /// empty.
    /// </summary>
    private bool ReadSet(out Predicate<CipherSuiteInfo>? set, out bool meansTripleDes)
    {
        set = null;
        meansTripleDes = false;
        var words = new List<string>();
        bool more;
        do
        {
            string word = ReadWord();
            if (word.Length == 0)
            {
                return false;
            }

            more = _position < _list.Length && _list[_position] == '+';
            if (more)
            {
                _position++;
            }

            if (CipherAliases.Find(word) is null)
            {
                return true;
            }

            words.Add(word);
            meansTripleDes |= CipherAliases.AddsTripleDes(word);
            if (more && !CipherAliases.Intersects(words))
            {
                // OpenSSL ignores the remaining words once the intersection is empty.
                return true;
            }
        }
        while (more);

        set = CipherAliases.Intersection(words);
        return true;
    }

    private string ReadWord()
    {
        int start = _position;
        while (_position < _list.Length && (char.IsAsciiLetterOrDigit(_list[_position]) || _list[_position] is '-' or '.' or '='))
        {
            _position++;
        }

        return _list[start.._position];
    }

    private void SkipToSeparator()
    {
        while (_position < _list.Length && !IsSeparator(_list[_position]))
        {
            _position++;
        }
    }

    private static bool IsSeparator(char character) => character is ':' or ' ' or ';' or ',';
}
