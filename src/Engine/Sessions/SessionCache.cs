using System.Runtime.InteropServices;

namespace SslModule.Engine.Sessions;

/// <summary>
/// A server's sessions by their identifiers, bounded by count and age: the oldest goes first. What tickets carry is not in it.
/// </summary>
/// <remarks>Its members may be called from several threads.</remarks>
public sealed class SessionCache
{
    /// <summary>How many sessions a new cache holds: OpenSSL's number.</summary>
    public const int DefaultCapacity = 20 * 1024;

    /// <summary>How long an identifier of ours is.</summary>
    internal const int IdLength = 32;

    private readonly object _sync = new();
    private readonly Dictionary<Key, LinkedListNode<Entry>> _byId = [];

    /// <summary>Oldest first. All sessions of a context live equally long, so this is also the order in which they expire.</summary>
    private readonly LinkedList<Entry> _byAge = [];

    private readonly SessionStatistics _statistics;
    private int _capacity = DefaultCapacity;

    internal SessionCache(SessionStatistics statistics)
    {
        _statistics = statistics;
        statistics.CacheCount = () => Count;
    }

    /// <summary>How many sessions it holds at most; 0 turns it off.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int Capacity
    {
        get => _capacity;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            lock (_sync)
            {
                _capacity = value;
                Shrink(value);
            }
        }
    }

    /// <summary>How many sessions it holds.</summary>
    public int Count
    {
        get
        {
            lock (_sync)
            {
                return _byAge.Count;
            }
        }
    }

    /// <summary>Forgets every session.</summary>
    public void Clear()
    {
        lock (_sync)
        {
            _byAge.Clear();
            _byId.Clear();
        }
    }

    /// <summary>Keeps a session; the expired go, then the oldest while the cache is full.</summary>
    internal void Add(ReadOnlySpan<byte> id, SessionState state, DateTimeOffset now)
    {
        lock (_sync)
        {
            if (_capacity == 0)
            {
                return;
            }

            while (_byAge.First is { } first && HasExpired(first.Value.State, now))
            {
                Forget(first);
            }

            var key = Key.Of(id);
            if (_byId.TryGetValue(key, out LinkedListNode<Entry>? old))
            {
                Forget(old);
            }

            Shrink(_capacity - 1);
            _byId.Add(key, _byAge.AddLast(new Entry(key, state)));
        }
    }

    /// <summary>The session with this identifier; null, and counted, when it is unknown or too old.</summary>
    internal SessionState? Find(ReadOnlySpan<byte> id, DateTimeOffset now)
    {
        lock (_sync)
        {
            if (id.Length != IdLength || !_byId.TryGetValue(Key.Of(id), out LinkedListNode<Entry>? node))
            {
                _statistics.Missed();
                return null;
            }

            if (!HasExpired(node.Value.State, now))
            {
                return node.Value.State;
            }

            Forget(node);
            _statistics.Expired();
            return null;
        }
    }

    /// <summary>Forgets one session, as RFC 5246 section 7.2.2 asks after a fatal alert.</summary>
    internal void Remove(ReadOnlySpan<byte> id)
    {
        lock (_sync)
        {
            if (id.Length == IdLength && _byId.TryGetValue(Key.Of(id), out LinkedListNode<Entry>? node))
            {
                Forget(node);
            }
        }
    }

    private static bool HasExpired(SessionState state, DateTimeOffset now)
        => now.ToUnixTimeMilliseconds() >= state.CreatedAt + (state.Lifetime * 1000L);

    private void Shrink(int count)
    {
        while (_byAge.Count > count)
        {
            Forget(_byAge.First!);
            _statistics.Dropped();
        }
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        _byAge.Remove(node);
        _byId.Remove(node.Value.Key);
    }

    /// <summary>An identifier as four words: no array, no string.</summary>
    private readonly record struct Key(ulong A, ulong B, ulong C, ulong D)
    {
        public static Key Of(ReadOnlySpan<byte> id)
        {
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(id[..IdLength]);
            return new Key(words[0], words[1], words[2], words[3]);
        }
    }

    private readonly record struct Entry(Key Key, SessionState State);
}
