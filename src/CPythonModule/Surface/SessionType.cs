using System.Runtime.InteropServices;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Sessions;

namespace SslModule.CPython.Surface;

/// <summary><c>_ssl.SSLSession</c>.</summary>
internal static unsafe class SessionType
{
    public static nint Type { get; private set; }

    public static void Publish(nint module)
    {
        Type = Tables.Type(
            module,
            "_ssl.SSLSession",
            Instance.Size(0),
            PyNumbers.TypeDefault | PyNumbers.TypeImmutable | PyNumbers.TypeDisallowInstantiation,
            0,
            Tables.Slot(PyNumbers.SlotDealloc, (delegate* unmanaged<nint, void>)&Trampoline.Deallocate),
            Tables.Slot(PyNumbers.SlotRichCompare, (delegate* unmanaged<nint, nint, int, nint>)&Trampoline.Compare),
            Tables.Slot(PyNumbers.SlotGetSet, Tables.Terminated<PyGetSetDef>(
                Tables.Property("has_ticket", &HasTicket, doc: "Does the session contain a ticket?"),
                Tables.Property("id", &Id, doc: "Session id"),
                Tables.Property("ticket_lifetime_hint", &LifetimeHint, doc: "Ticket life time hint."),
                Tables.Property("time", &Time, doc: "Session creation time (seconds since epoch)."),
                Tables.Property("timeout", &Timeout, doc: "Session timeout (delta in seconds)."))));
        Tables.Add(module, "SSLSession", Values.New(Type));
    }

    /// <summary>A new SSLSession object.</summary>
    public static nint Make(TlsSession session) => Instance.New(Type, session);

    public static TlsSession Of(nint self) => Instance.Of<TlsSession>(self);

    private static nint HasTicket(nint self) => Values.Bool(Of(self).HasTicket);

    private static nint Id(nint self) => Values.Bytes(Of(self).Id.Span);

    private static nint LifetimeHint(nint self) => Values.Int(Of(self).TicketLifetimeHint);

    private static nint Time(nint self) => Values.Int(Of(self).CreatedAt.ToUnixTimeSeconds());

    private static nint Timeout(nint self) => Values.Int((long)Of(self).Timeout.TotalSeconds);

    private static class Trampoline
    {
        [UnmanagedCallersOnly]
        public static void Deallocate(nint self) => Instance.Deallocate(self, 0);

        [UnmanagedCallersOnly]
        public static nint Compare(nint self, nint other, int operation)
        {
            if (operation is not (PyNumbers.CompareEqual or PyNumbers.CompareNotEqual) || !Values.IsInstance(other, Type))
            {
                return Values.New(PythonData.NotImplemented);
            }

            bool equal = Of(self).Id.Span.SequenceEqual(Of(other).Id.Span);
            return Values.Bool(equal == (operation == PyNumbers.CompareEqual));
        }
    }
}
