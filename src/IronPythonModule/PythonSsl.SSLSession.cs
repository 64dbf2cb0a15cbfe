using IronPython.Runtime;
using SslModule.Engine.Sessions;

namespace SslModule.IronPython;

/// <content>SSLSession.</content>
public static partial class PythonSsl
{
    [PythonType]
    [Documentation("What a later handshake needs to resume this one.")]
    public sealed class SSLSession
    {
        /// <summary>How a type tells IronPython that it is unhashable, as CPython's is.</summary>
        public const object? __hash__ = null;

        internal SSLSession(TlsSession session) => Session = session;

        internal TlsSession Session { get; }

        [Documentation("Session id")]
        public Bytes id => new(Session.Id.ToArray());

        [Documentation("Session creation time (seconds since epoch).")]
        public object time => Values.Int(Session.CreatedAt.ToUnixTimeSeconds());

        [Documentation("Session timeout (delta in seconds).")]
        public object timeout => Values.Int((long)Session.Timeout.TotalSeconds);

        [Documentation("Ticket life time hint.")]
        public object ticket_lifetime_hint => Values.Int(Session.TicketLifetimeHint);

        [Documentation("Does the session contain a ticket?")]
        public bool has_ticket => Session.HasTicket;

        public bool __eq__(object? other) => Equals(other);

        public bool __ne__(object? other) => !Equals(other);

        public override bool Equals(object? obj) => obj is SSLSession other && Session.Id.Span.SequenceEqual(other.Session.Id.Span);

        public override int GetHashCode() => throw new InvalidOperationException("An SSLSession is compared, not hashed.");
    }
}
