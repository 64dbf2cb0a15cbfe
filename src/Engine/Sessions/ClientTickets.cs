namespace SslModule.Engine.Sessions;

/// <summary>The tickets that a TLS 1.3 client got on one connection. Each is given away once, but the last may be again and again.</summary>
internal sealed class ClientTickets
{
    /// <summary>A server may send any number; the newest are enough.</summary>
    public const int Capacity = 16;

    private readonly List<TlsSession> _unused = [];

    /// <summary>Keeps a new ticket; beyond the capacity the oldest goes.</summary>
    public void Add(TlsSession ticket)
    {
        lock (_unused)
        {
            if (_unused.Count == Capacity)
            {
                _unused.RemoveAt(0);
            }

            _unused.Add(ticket);
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (_unused)
        {
            _unused.Clear();
        }
    }

    /// <summary>Takes the newest ticket that is still alive; null when none is.</summary>
    /// <param name="now">The time.</param>
    /// <param name="keepLast">Whether the last one stays, for the next who asks.</param>
    public TlsSession? Take(DateTimeOffset now, bool keepLast)
    {
        lock (_unused)
        {
            _unused.RemoveAll(ticket => !ticket.IsAlive(now));
            if (_unused.Count == 0)
            {
                return null;
            }

            TlsSession newest = _unused[^1];
            if (!keepLast || _unused.Count > 1)
            {
                _unused.RemoveAt(_unused.Count - 1);
            }

            return newest;
        }
    }
}
