using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <content>Pre-shared keys: resumption PSKs and external PSKs.</content>
internal sealed partial class ClientVersionNegotiation
{
    private readonly List<Offered> _psks = [];

    /// <summary>Adds the PSKs to the offer. A resumption PSK goes first, because its session was authenticated.</summary>
    private void OfferPsks()
    {
        if (sessions.OfferTicket() is { } ticket)
        {
            _psks.Add(new Offered(ticket.Ticket, ticket.State, new HandshakeSecrets(Tls13Suites.HashOf(ticket.State.Suite), ticket.State.Secret)));
        }

        // RFC 8446 section 4.2.11: an external PSK uses SHA-256 by default.
        if (Array.Exists(_state.Derived.ClientSuites, Psk.FitsSuite) && Psk.OfClient(_state, hint: null) is { } external)
        {
            // A TLS 1.3 PSK identity has at least one byte.
            _psks.Add(external.Identity.Length > 0
                ? new Offered(external.Identity, null, new HandshakeSecrets(Tls13Suites.HashOf(CipherSuite.TLS_AES_128_GCM_SHA256), external.Key.Span))
                : throw _state.Fail("INTERNAL_ERROR", AlertDescription.internal_error));
        }
    }

    private void DropPsks()
    {
        foreach (Offered psk in _psks)
        {
            psk.Secrets.Dispose();
        }

        _psks.Clear();
    }

    /// <summary>Removes the PSKs whose hash does not match the selected suite from the second ClientHello.</summary>
    private void KeepPsksOf(int hash)
    {
        foreach (Offered psk in _psks)
        {
            if (psk.Secrets.Hash != hash)
            {
                psk.Secrets.Dispose();
            }
        }

        _psks.RemoveAll(psk => psk.Secrets.Hash != hash);
    }

    /// <summary>Writes pre_shared_key with empty binders. They end the message and are filled in once the rest is written.</summary>
    private void WritePsks(WireWriter writer)
    {
        if (_psks.Count == 0)
        {
            return;
        }

        writer.Extension(ExtensionType.pre_shared_key);
        int data = writer.Open(2);
        int identities = writer.Open(2);
        foreach (Offered psk in _psks)
        {
            writer.Vector(2, psk.Identity.Span);
            writer.Number(sizeof(uint), psk.Ticket is null ? 0 : unchecked((int)sessions.ObfuscatedAge(psk.Ticket)));
        }

        writer.Close(2, identities);
        int binders = writer.Open(2);
        Span<byte> room = stackalloc byte[HandshakeSecrets.MaxDigestLength];
        foreach (Offered psk in _psks)
        {
            writer.Vector(1, room[..psk.Secrets.Length]);
        }

        writer.Close(2, binders);
        writer.Close(2, data);
    }

    /// <summary>Sends the ClientHello with its binders, which cover everything before them (RFC 8446 section 4.2.11.2).</summary>
    private void SendHello()
    {
        ReadOnlySpan<byte> message = End();
        int covered = message.Length;
        foreach (Offered psk in _psks)
        {
            covered -= 1 + psk.Secrets.Length;
        }

        covered -= _psks.Count > 0 ? 2 : 0;
        _state.Transcript.Append(message[..covered]);
        Span<byte> binders = Outgoing.Array.AsSpan(Outgoing.Start, Outgoing.Length)[Math.Min(covered + 2, message.Length)..];
        Span<byte> digest = stackalloc byte[HandshakeSecrets.MaxDigestLength];
        foreach (Offered psk in _psks)
        {
            int length = psk.Secrets.Length;
            _state.Transcript.Hash(psk.Secrets.Hash, digest);
            psk.Secrets.Binder(ofTicket: psk.Ticket is not null, digest[..length], binders.Slice(1, length));
            binders = binders[(1 + length)..];
        }

        _state.Transcript.Append(message[covered..]);
        SendRecords(message);
        Outgoing.Consume(Outgoing.Length);
    }

    /// <summary>Starts the key schedule with the PSK that the server selected, or without a PSK.</summary>
    private HandshakeSecrets SelectPsk(ReceivedServerHello hello, out bool usesPsk)
    {
        usesPsk = false;
        int hash = Tls13Suites.HashOf(_suite);
        if (!hello.Extensions.TryGetValue(ExtensionType.pre_shared_key, out ReadOnlyMemory<byte> data))
        {
            DropPsks();
            return new HandshakeSecrets(hash, []);
        }

        var reader = new WireReader(data);
        if (_psks.Count == 0)
        {
            throw _state.Fail("UNSOLICITED_EXTENSION", AlertDescription.unsupported_extension);
        }

        if (!reader.TryNumber(2, out int index) || !reader.Rest.IsEmpty)
        {
            throw _state.Fail("LENGTH_MISMATCH", AlertDescription.decode_error);
        }

        if (index >= _psks.Count || _psks[index].Secrets.Hash != hash)
        {
            throw _state.Fail("BAD_PSK_IDENTITY", AlertDescription.illegal_parameter);
        }

        Offered selected = _psks[index];
        _psks.RemoveAt(index);
        DropPsks();
        usesPsk = _state.IsResumed = true;
        if (selected.Ticket is not null)
        {
            SessionStates.Restore(_state, selected.Ticket);
        }

        return selected.Secrets;
    }

    /// <summary>A PSK in the ClientHello: its identity, its ticket's session (null for an external PSK), and its early secret.</summary>
    private readonly record struct Offered(ReadOnlyMemory<byte> Identity, SessionState? Ticket, HandshakeSecrets Secrets);
}
