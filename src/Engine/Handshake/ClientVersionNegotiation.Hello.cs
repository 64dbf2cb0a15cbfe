using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Handshake.Tls13;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <content>Encoding of the ClientHello, and the HelloRetryRequest.</content>
internal sealed partial class ClientVersionNegotiation
{
    private void WriteHello(bool tls13, ReadOnlyMemory<byte> cookie)
    {
        OfferedHello offer = _offer!;
        WireWriter writer = Begin(HandshakeType.client_hello);
        writer.Number(2, offer.LegacyVersion);
        writer.Bytes(offer.Random);
        writer.Vector(1, offer.SessionId);
        writer.Numbers(2, offer.CipherSuites);
        writer.Vector(1, [CompressionMethod.none]);
        if (tls13 || offer.Extensions.Count > 0)
        {
            WriteExtensions(writer, offer.Extensions, tls13, cookie);
        }

        SendHello();
    }

    private void WriteExtensions(WireWriter writer, IReadOnlyDictionary<ExtensionType, byte[]> extensions, bool tls13, ReadOnlyMemory<byte> cookie)
    {
        int block = writer.Open(2);

        // Some servers reject a ClientHello whose last extension is empty, so write those first.
        Write(writer, extensions, withContent: false);
        Write(writer, extensions, withContent: true);
        if (!cookie.IsEmpty)
        {
            Cookie.Write(writer, cookie.Span);
        }

        if (tls13)
        {
            WriteShares(writer);
            WritePsks(writer);
        }

        writer.Close(2, block);
    }

    private static void Write(WireWriter writer, IReadOnlyDictionary<ExtensionType, byte[]> extensions, bool withContent)
    {
        foreach ((ExtensionType type, byte[] data) in extensions)
        {
            if (data.Length > 0 == withContent)
            {
                writer.Extension(type);
                writer.Vector(2, data);
            }
        }
    }

    /// <summary>Writes key_share: new shares, or those of the first ClientHello if the server did not request another group.</summary>
    private void WriteShares(WireWriter writer)
    {
        writer.Extension(ExtensionType.key_share);
        int data = writer.Open(2);
        if (_sharesSent.Length > 0)
        {
            writer.Bytes(_sharesSent);
        }
        else
        {
            KeyShares.WriteClient(writer, _shares, Outgoing);
        }

        writer.Close(2, data);
    }

    /// <summary>Sends a second ClientHello, with the changes that the server requested (RFC 8446 section 4.1.2).</summary>
    private void ReceiveRetryRequest(ReceivedServerHello request, ReadOnlySpan<byte> message)
    {
        if (IsRetried)
        {
            throw new FatalAlertException(AlertDescription.unexpected_message);
        }

        CheckRetryExtensions(request.Extensions);
        int? group = KeyShares.ReadRetryRequest(_state, request.Extensions, HasShare);
        ReadOnlyMemory<byte> cookie = Cookie.Read(_state, request.Extensions);
        if (group is null && cookie.IsEmpty)
        {
            throw _state.Fail("NO_CHANGE_FOLLOWING_HRR", AlertDescription.illegal_parameter);
        }

        (IsRetried, _state.Version) = (true, ProtocolVersion.TLSv13);
        SelectSuite(request.Suite);
        if (group is { } asked)
        {
            DropShares();
            _shares.Add((asked, KeyShare.ForTls13(asked, isServer: false)));
        }
        else
        {
            byte[] first = _state.Transcript.Messages[HandshakeMessages.HeaderLength..].ToArray();
            _sharesSent = HelloExtensions.DataIn(first, ExtensionType.key_share).ToArray();
        }

        int hash = Tls13Suites.HashOf(_suite);
        KeepPsksOf(hash);
        _state.Transcript.Retry(hash);
        _state.Transcript.Append(message);
        SendCompatibilityChangeCipherSpec();
        WriteHello(tls13: true, cookie);
    }

    private void CheckRetryExtensions(Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        foreach (ExtensionType type in extensions.Keys)
        {
            if (type is not (ExtensionType.supported_versions or ExtensionType.key_share or ExtensionType.cookie))
            {
                throw HelloExtensions.IsKnown(type)
                    ? _state.Fail("BAD_EXTENSION", AlertDescription.illegal_parameter)
                    : _state.Fail("UNSOLICITED_EXTENSION", AlertDescription.unsupported_extension);
            }
        }

        SupportedVersions.CheckRetryRequest(_state, extensions);
    }
}
