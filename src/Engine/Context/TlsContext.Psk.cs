using System.Text;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <summary>What a client authenticates with instead of a certificate (RFC 4279, RFC 8446 section 4.2.11).</summary>
/// <param name="Identity">The name under which the server knows the key, as bytes of the wire.</param>
/// <param name="Key">The key itself.</param>
public sealed record PskCredentials(ReadOnlyMemory<byte> Identity, ReadOnlyMemory<byte> Key);

/// <content>Pre-shared keys.</content>
public sealed partial class TlsContext
{
    /// <summary>The longest identity that is sent or looked up: OpenSSL's PSK_MAX_IDENTITY_LEN.</summary>
    public const int LongestPskIdentity = 256;

    /// <summary>The longest key: OpenSSL's PSK_MAX_PSK_LEN.</summary>
    public const int LongestPskKey = 512;

    private Func<TlsConnection, string?, PskCredentials?>? _pskClientCallback;
    private Func<TlsConnection, string?, ReadOnlyMemory<byte>?>? _pskServerCallback;
    private byte[]? _pskIdentityHint;

    /// <summary>
    /// Asks a client's application for its identity and key. It gets the server's hint (null when there is none, and always
    /// in TLS 1.3) and answers null, or an empty key, when it has none. While it is set, PSK suites are offered.
    /// </summary>
    /// <exception cref="TlsError">The context is for servers only.</exception>
    public Func<TlsConnection, string?, PskCredentials?>? PskClientCallback
    {
        get => _pskClientCallback;
        set => _pskClientCallback = Protocol != TlsProtocolSelection.TlsServer
            ? value
            : throw TlsError.Numbered("Cannot add PSK client callback to a PROTOCOL_TLS_SERVER context");
    }

    /// <summary>
    /// Asks a server's application for the key of an identity (null when the client sent an empty one); null or an empty key
    /// means that the identity is unknown. While it is set, PSK suites are accepted.
    /// </summary>
    /// <exception cref="TlsError">The context is for clients only.</exception>
    public Func<TlsConnection, string?, ReadOnlyMemory<byte>?>? PskServerCallback
    {
        get => _pskServerCallback;
        set => _pskServerCallback = Protocol != TlsProtocolSelection.TlsClient
            ? value
            : throw TlsError.Numbered("Cannot add PSK server callback to a PROTOCOL_TLS_CLIENT context");
    }

    /// <summary>What a server tells clients before TLS 1.3 to help them choose an identity (RFC 4279 section 5.2); null for nothing.</summary>
    /// <exception cref="TlsError">It is longer than <see cref="LongestPskIdentity"/> bytes of UTF-8.</exception>
    public string? PskIdentityHint
    {
        get => _pskIdentityHint is null ? null : Encoding.UTF8.GetString(_pskIdentityHint);
        set
        {
            byte[]? hint = value is null ? null : Encoding.UTF8.GetBytes(value);
            _pskIdentityHint = hint is null || hint.Length <= LongestPskIdentity
                ? hint
                : throw TlsError.Value("failed to set identity hint");
        }
    }

    /// <summary>The hint's bytes on the wire.</summary>
    internal byte[]? PskIdentityHintBytes => _pskIdentityHint;
}
