namespace SslModule.Engine.Sessions;

/// <summary>The tickets that a TLS 1.3 client received on one connection. Each is used once, except the last, which may be reused.</summary>
internal sealed class ClientTickets
{
    /// <summary>The maximum number of tickets kept. A server may send any number.</summary>
    public const int Capacity = 16;

    private readonly List<TlsSession> _unused = [];

    /// <summary>Adds a ticket; a full list drops its oldest.</summary>
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

    /// <summary>Removes all tickets.</summary>
    public void Clear()
    {
        lock (_unused)
        {
            _unused.Clear();
        }
    }

    /// <summary>Returns the newest ticket that has not expired and removes it; null when there is none.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="keepLast">Whether the last ticket stays in the list for reuse.</param>
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
