using SslModule.Engine.Ciphers;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Handshake.Tls12;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>
/// The start of a client's handshake, before the version is negotiated: sends the ClientHello for all enabled versions and reads the
/// ServerHello that selects one.
/// </summary>
/// <param name="state">The connection's state.</param>
/// <param name="sessions">The client's session resumption.</param>
internal sealed partial class ClientVersionNegotiation(HandshakeState state, ClientSessions sessions) : HandshakeRole(state)
{
    private readonly HandshakeState _state = state;
    private readonly List<(int Group, KeyShare Share)> _shares = new(2);
    private OfferedHello? _offer;
    private byte[] _sharesSent = [];
    private int _suite;

    private bool IsRetried { get; set; }

    /// <summary>Sends the ClientHello.</summary>
    public void Start()
    {
        int[] versions = _state.Derived.ClientVersions;
        bool tls13 = versions[0] == ProtocolVersion.TLSv13;
        _offer = ClientHelloOffer.Make(_state, sessions);
        _state.OfferedVersion = _offer.LegacyVersion;
        _state.HelloRecordVersion = versions.Contains(ProtocolVersion.SSLv3) ? ProtocolVersion.SSLv3 : ProtocolVersion.TLSv10;
        if (tls13)
        {
            foreach (int group in _state.Derived.KeyShares)
            {
                _shares.Add((group, KeyShare.ForTls13(group, isServer: false)));
            }

            OfferPsks();
        }

        WriteHello(tls13, cookie: default);
    }

    /// <summary>Sends the ClientHello of a renegotiation.</summary>
    public void StartRenegotiation()
    {
        _offer = ClientHelloOffer.MakeRenegotiation(_state, sessions);
        _state.OfferedVersion = _offer.LegacyVersion;
        WriteHello(tls13: false, cookie: default);
    }

    /// <summary>Like OpenSSL, accept application data until the ServerHello.</summary>
    public override bool AllowsApplicationData => true;

    /// <inheritdoc/>
    public override bool Expects(HandshakeType type) => type switch
    {
        // RFC 5246 section 7.4.1.1: a HelloRequest is ignored during a handshake.
        HandshakeType.hello_request => _state.Version < ProtocolVersion.TLSv13,
        _ => type == HandshakeType.server_hello,
    };

    /// <inheritdoc/>
    public override HandshakeRole Receive(HandshakeType type, ReadOnlyMemory<byte> message)
        => type == HandshakeType.hello_request ? this : ReceiveServerHello(message);

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        DropShares();
        DropPsks();
    }

    private HandshakeRole ReceiveServerHello(ReadOnlyMemory<byte> message)
    {
        ReceivedServerHello hello = new ServerHelloCheck(_state, _offer!, HasShare).Check(Body(message));
        if (hello.Version < ProtocolVersion.TLSv13)
        {
            // A HelloRetryRequest has selected TLS 1.3.
            return IsRetried
                ? throw _state.Fail("UNSUPPORTED_PROTOCOL", AlertDescription.illegal_parameter)
                : new Client12(_state, sessions, _offer!).Begin(hello, message);
        }

        if (hello.IsRetry)
        {
            ReceiveRetryRequest(hello, message.Span);
            return this;
        }

        if (IsRetried && hello.Suite != _suite)
        {
            throw _state.Fail("WRONG_CIPHER_RETURNED", AlertDescription.illegal_parameter);
        }

        _state.Version = hello.Version;
        SelectSuite(hello.Suite);
        HandshakeSecrets secrets = SelectPsk(hello, out bool usesPsk);
        Agree(secrets, hello.Extensions[ExtensionType.key_share]);
        return new Client13(_state, sessions, _offer!, secrets, usesPsk, IsRetried).Begin(hello, message);
    }

    private void SelectSuite(int suite)
    {
        _suite = suite;
        _state.Cipher = CipherSuites.ById(suite);
    }

    /// <summary>Computes the shared secret from the server's key share. The caller has checked that this end sent a share of the same group.</summary>
    private void Agree(HandshakeSecrets secrets, ReadOnlyMemory<byte> extension)
    {
        var reader = new WireReader(extension);
        reader.TryNumber(2, out int group);
        reader.TryVector(2, out ReadOnlyMemory<byte> value);
        _state.Group = group;
        byte[] secret = ShareOf(group).DeriveSecret(value.Span);
        secrets.Advance(secret);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
        DropShares();
    }

    private bool HasShare(int group) => _shares.Exists(share => share.Group == group);

    private KeyShare ShareOf(int group) => _shares.Find(share => share.Group == group).Share;

    /// <summary>Zeroes the private keys of the unused key shares.</summary>
    private void DropShares()
    {
        foreach ((_, KeyShare share) in _shares)
        {
            share.Dispose();
        }

        _shares.Clear();
    }
}
