using System.Runtime.InteropServices;

namespace SslModule.Engine.Sessions;

/// <summary>
/// A server's session cache, by session ID, bounded by count and age. The oldest entry is evicted first. Sessions in tickets are not cached.
/// </summary>
/// <remarks>Its members may be called from several threads.</remarks>
public sealed class SessionCache
{
    /// <summary>The default capacity, as in OpenSSL.</summary>
    public const int DefaultCapacity = 20 * 1024;

    /// <summary>The length of a generated session ID in bytes.</summary>
    internal const int IdLength = 32;

    private readonly object _sync = new();
    private readonly Dictionary<Key, Slot> _byId = [];

    /// <summary>Oldest first. All sessions of a context have the same lifetime, so this is also the order in which they expire.</summary>
    private readonly LinkedList<Key> _byAge = [];

    private readonly SessionStatistics _statistics;
    private int _capacity = DefaultCapacity;

    internal SessionCache(SessionStatistics statistics)
    {
        _statistics = statistics;
        statistics.CacheCount = () => Count;
    }

    /// <summary>The maximum number of sessions; 0 disables the cache.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
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

    /// <summary>The number of sessions in the cache.</summary>
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

    /// <summary>Removes all sessions.</summary>
    public void Clear()
    {
        lock (_sync)
        {
            _byAge.Clear();
            _byId.Clear();
        }
    }

    /// <summary>Adds a session. Expired sessions are removed, then the oldest while the cache is full.</summary>
    internal void Add(ReadOnlySpan<byte> id, SessionState state, DateTimeOffset now)
    {
        lock (_sync)
        {
            if (_capacity == 0)
            {
                return;
            }

            while (_byAge.First is { } first && _byId[first.Value].HasExpired(now))
            {
                Forget(first);
            }

            var key = Key.Of(id);
            if (_byId.TryGetValue(key, out Slot old))
            {
                Forget(old.Node);
            }

            Shrink(_capacity - 1);
            _byId.Add(key, new Slot(_byAge.AddLast(key), state, state.CreatedAt + (state.Lifetime * 1000L)));
        }
    }

    /// <summary>Finds a session by ID; returns null and counts a miss when it is unknown or expired.</summary>
    internal SessionState? Find(ReadOnlySpan<byte> id, DateTimeOffset now)
    {
        lock (_sync)
        {
            if (id.Length != IdLength || !_byId.TryGetValue(Key.Of(id), out Slot slot))
            {
                _statistics.Miss();
                return null;
            }

            if (!slot.HasExpired(now))
            {
                return slot.State;
            }

            Forget(slot.Node);
            _statistics.Expired();
            return null;
        }
    }

    /// <summary>Removes a session, as RFC 5246 section 7.2.2 requires after a fatal alert.</summary>
    internal void Remove(ReadOnlySpan<byte> id)
    {
        lock (_sync)
        {
            if (id.Length == IdLength && _byId.TryGetValue(Key.Of(id), out Slot slot))
            {
                Forget(slot.Node);
            }
        }
    }

    private void Shrink(int count)
    {
        while (_byAge.Count > count)
        {
            Forget(_byAge.First!);
            _statistics.Evicted();
        }
    }

    private void Forget(LinkedListNode<Key> node)
    {
        _byAge.Remove(node);
        _byId.Remove(node.Value);
    }

    /// <summary>A session ID as four words, to avoid an array or a string.</summary>
    private readonly record struct Key(ulong A, ulong B, ulong C, ulong D)
    {
        public static Key Of(ReadOnlySpan<byte> id)
        {
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(id[..IdLength]);
            return new Key(words[0], words[1], words[2], words[3]);
        }
    }

    /// <summary>All data for a lookup in one place: in a large cache each further memory access is a CPU cache miss.</summary>
    private readonly record struct Slot(LinkedListNode<Key> Node, SessionState State, long ExpiresAt)
    {
        public bool HasExpired(DateTimeOffset now) => now.ToUnixTimeMilliseconds() >= ExpiresAt;
    }
}
