using System.Buffers.Binary;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Connection;

/// <summary>
/// Reports messages to the context's message callback, like OpenSSL's SSL_CTX_set_msg_callback: record headers, whole handshake
/// messages, alerts and ChangeCipherSpec, in order.
/// </summary>
internal sealed class MessageTrace(Action<TlsMessage> report, Func<int> version)
{
    private const int RecordHeader = 256;
    private const int InnerContentType = 257;
    private const int ChangeCipherSpecMessage = 0x0101;
    private const int HandshakeHeaderLength = 4;

    private readonly ByteBuffer _read = new();
    private readonly ByteBuffer _written = new();
    private readonly Queue<(ContentType ContentType, byte[] Plaintext)> _sealed = new();
    private bool _readIsSealed;
    private bool _writeIsSealed;

    /// <summary>A record was received. A plaintext record is reported completely; the content of a protected one is reported after decryption.</summary>
    public void RecordRead(ReadOnlySpan<byte> record)
    {
        Header(false, record);

        // Like OpenSSL, report only sent ChangeCipherSpec messages.
        if (!_readIsSealed && (ContentType)record[0] is not (ContentType.application_data or ContentType.change_cipher_spec))
        {
            Fragment(false, (ContentType)record[0], record[RecordCipher.HeaderLength..]);
        }

        _readIsSealed |= (ContentType)record[0] == ContentType.change_cipher_spec && version() < ProtocolVersion.TLSv13;
    }

    /// <summary>A ClientHello in SSL 2.0 format was received. It has no content type.</summary>
    public void V2ClientHelloRead(byte[] hello) => report(new TlsMessage(false, 0x0002, 0, -1, hello));

    /// <summary>A protected record was decrypted.</summary>
    public void Opened(ContentType contentType, ReadOnlySpan<byte> plaintext)
    {
        // Like OpenSSL, report only sent ChangeCipherSpec messages.
        if (contentType != ContentType.change_cipher_spec)
        {
            Sealable(false, contentType, plaintext);
        }
    }

    /// <summary>A record was sealed. It is reported when it is written to the output.</summary>
    public void Sealed(ContentType contentType, ReadOnlySpan<byte> plaintext) => _sealed.Enqueue((contentType, plaintext.ToArray()));

    /// <summary>Records were written to the output.</summary>
    public void RecordsWritten(ReadOnlySpan<byte> records)
    {
        while (records.Length >= RecordCipher.HeaderLength)
        {
            int length = RecordCipher.HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(records[3..]);
            RecordWritten(records[..length]);
            records = records[length..];
        }
    }

    private void RecordWritten(ReadOnlySpan<byte> record)
    {
        Header(true, record);
        var type = (ContentType)record[0];
        bool isSealed = type == ContentType.application_data || _writeIsSealed;
        if (!isSealed)
        {
            Fragment(true, type, record[RecordCipher.HeaderLength..]);
        }
        else if (_sealed.TryDequeue(out (ContentType ContentType, byte[] Plaintext) inner))
        {
            Sealable(true, inner.ContentType, inner.Plaintext);
        }

        _writeIsSealed |= type == ContentType.change_cipher_spec && version() < ProtocolVersion.TLSv13;
    }

    private void Header(bool written, ReadOnlySpan<byte> record)
        => report(new TlsMessage(written, BinaryPrimitives.ReadUInt16BigEndian(record[1..]), RecordHeader, record[0], record[..RecordCipher.HeaderLength].ToArray()));

    private void Sealable(bool written, ContentType contentType, ReadOnlySpan<byte> plaintext)
    {
        if (version() == ProtocolVersion.TLSv13)
        {
            // Sent records report the record version, which is TLS 1.2; received ones the connection's version.
            report(new TlsMessage(written, written ? ProtocolVersion.TLSv12 : ProtocolVersion.TLSv13, InnerContentType, (int)contentType, new[] { (byte)contentType }));
        }

        Fragment(written, contentType, plaintext);
    }

    private void Fragment(bool written, ContentType contentType, ReadOnlySpan<byte> fragment)
    {
        switch (contentType)
        {
            case ContentType.change_cipher_spec:
                report(new TlsMessage(written, version(), (int)contentType, ChangeCipherSpecMessage, fragment.ToArray()));
                break;
            case ContentType.alert when fragment.Length >= 2:
                report(new TlsMessage(written, version(), (int)contentType, fragment[1], fragment.ToArray()));
                break;
            case ContentType.handshake:
                Handshake(written, fragment);
                break;
        }
    }

    private void Handshake(bool written, ReadOnlySpan<byte> fragment)
    {
        ByteBuffer pending = written ? _written : _read;
        pending.Append(fragment);
        while (pending.Length >= HandshakeHeaderLength)
        {
            int length = HandshakeHeaderLength + (int)(BinaryPrimitives.ReadUInt32BigEndian(pending.Span) & 0xFFFFFF);
            if (pending.Length < length)
            {
                return;
            }

            byte[] message = pending.Span[..length].ToArray();
            pending.Consume(length);
            report(new TlsMessage(written, version(), (int)ContentType.handshake, message[0], message));
        }
    }
}
