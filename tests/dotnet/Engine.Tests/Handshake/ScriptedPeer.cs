using Org.BouncyCastle.Tls;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;
using SslModule.Engine.Handshake;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>What a scripted peer does with each record that it is about to write.</summary>
/// <param name="wire">Where the script writes instead.</param>
/// <param name="type">The record's content type.</param>
/// <param name="content">What it holds, not yet protected.</param>
internal delegate void Script(Wire wire, short type, byte[] content);

/// <summary>The writing side of a scripted peer.</summary>
internal sealed class Wire(ScriptedCrypto crypto, Action<short, byte[]> write, Action<byte[]> raw)
{
    /// <summary>Writes a record under the keys in force.</summary>
    public void Send(int type, params byte[] content) => write((short)type, content);

    /// <summary>Writes bytes as they are.</summary>
    public void Raw(params byte[] bytes) => raw(bytes);

    /// <summary>Writes a record under the newest keys that BouncyCastle would refuse to write.</summary>
    public void Seal(int type, params byte[] content)
    {
        raw(crypto.Newest!.Seal((short)type, content));
    }
}

/// <summary>A victim of ours against a BouncyCastle peer whose records a script changes on their way out.</summary>
internal sealed class ScriptedPeer
{
    private readonly TlsConnection _victim;
    private readonly TlsProtocol _peer;
    private readonly ScriptedCrypto _crypto = new();
    private readonly List<byte> _output = [];
    private readonly List<(int Level, int Description)> _alerts = [];
    private readonly Script _script;
    private bool _peerFailed;

    public ScriptedPeer(int version, bool victimIsServer, Script script, Action<TlsContext>? server = null, Action<TlsContext>? client = null)
    {
        _script = script;
        TlsContext clientContext = WireContexts.Client(version, client);
        TlsContext serverContext = WireContexts.Server(version, server);
        _victim = new TlsConnection(victimIsServer ? serverContext : clientContext, victimIsServer, victimIsServer ? null : WireContexts.HostName);
        if (victimIsServer)
        {
            var state = new HandshakeState(clientContext, isServer: false, WireContexts.HostName) { Connection = _victim };
            var scripted = new Client(this);
            _peer = scripted;
            Guard(() => scripted.Connect(new ScriptedClient(state, _crypto)));
        }
        else
        {
            var state = new HandshakeState(serverContext, isServer: true, null) { Connection = _victim };
            var scripted = new Server(this);
            _peer = scripted;
            Guard(() => scripted.Accept(new ScriptedServer(state, _crypto)));
        }
    }

    /// <summary>The victim's failure; null when it went on.</summary>
    public TlsError? Failure { get; private set; }

    /// <summary>The alerts that the victim sent.</summary>
    public IReadOnlyList<(int Level, int Description)> Alerts => _alerts;

    public TlsConnection Victim => _victim;

    /// <summary>Runs both sides until nothing moves.</summary>
    public ScriptedPeer Run()
    {
        byte[] room = new byte[1 << 15];
        for (int idle = 0; idle < 2;)
        {
            DrainPeer();
            byte[] toVictim = [.. _output];
            _output.Clear();
            _victim.Input(toVictim);
            try
            {
                if (Failure is null && _victim.Handshake() == TlsStatus.Complete)
                {
                    while (_victim.Read(room, out int count) == TlsStatus.Complete && count > 0)
                    {
                    }
                }
            }
            catch (TlsError error)
            {
                Failure = error;
            }

            byte[] toPeer = _victim.Output.ToArray();
            _victim.OutputSent(toPeer.Length);
            Offer(toPeer);
            idle = toVictim.Length + toPeer.Length == 0 ? idle + 1 : 0;
        }

        return this;
    }

    private void Offer(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int length = 5 + ((bytes[at + 3] << 8) | bytes[at + 4]);
            byte[] record = bytes[at..(at + length)];
            at += length;
            if (record is [(byte)ContentType.alert, _, _, 0, 2, var level, var description])
            {
                _alerts.Add((level, description));
            }
            else if (!_peerFailed)
            {
                Guard(() => _peer.OfferInput(record));
            }
        }
    }

    private void Guard(Action act)
    {
        try
        {
            act();
        }
        catch (Exception exception) when (exception is IOException or TlsError)
        {
            _peerFailed = true;
        }

        DrainPeer();
    }

    private void DrainPeer()
    {
        byte[] output = new byte[_peer.GetAvailableOutputBytes()];
        _peer.ReadOutput(output, 0, output.Length);
        _output.AddRange(output);
    }

    private void Write(short type, ReadOnlySpan<byte> content, Action<short, byte[]> write)
    {
        if (type == ContentType.alert)
        {
            write(type, content.ToArray());
            return;
        }

        _script(
            new Wire(
                _crypto,
                (kind, bytes) =>
                {
                    write(kind, bytes);
                    DrainPeer();
                },
                bytes =>
                {
                    DrainPeer();
                    _output.AddRange(bytes);
                }),
            type,
            content.ToArray());
    }

    private sealed class Client(ScriptedPeer owner) : TlsClientProtocol
    {
        protected override void WriteRecord(short type, ReadOnlySpan<byte> buffer) => owner.Write(type, buffer, (kind, bytes) => base.WriteRecord(kind, bytes.AsSpan()));

        protected override void HandleAlertMessage(short alertLevel, short alertDescription)
        {
            owner._alerts.Add((alertLevel, alertDescription));
            base.HandleAlertMessage(alertLevel, alertDescription);
        }
    }

    private sealed class Server(ScriptedPeer owner) : TlsServerProtocol
    {
        protected override void WriteRecord(short type, ReadOnlySpan<byte> buffer) => owner.Write(type, buffer, (kind, bytes) => base.WriteRecord(kind, bytes.AsSpan()));

        protected override void HandleAlertMessage(short alertLevel, short alertDescription)
        {
            owner._alerts.Add((alertLevel, alertDescription));
            base.HandleAlertMessage(alertLevel, alertDescription);
        }
    }
}
