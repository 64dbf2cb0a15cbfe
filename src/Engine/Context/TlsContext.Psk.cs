using System.Text;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <summary>A client's pre-shared key (RFC 4279, RFC 8446 section 4.2.11).</summary>
/// <param name="Identity">The identity by which the server finds the key, as bytes on the wire.</param>
/// <param name="Key">The key.</param>
public sealed record PskCredentials(ReadOnlyMemory<byte> Identity, ReadOnlyMemory<byte> Key);

/// <content>Pre-shared keys.</content>
public sealed partial class TlsContext
{
    /// <summary>The maximum identity length in bytes: OpenSSL's PSK_MAX_IDENTITY_LEN.</summary>
    public const int LongestPskIdentity = 256;

    /// <summary>The maximum key length in bytes: OpenSSL's PSK_MAX_PSK_LEN.</summary>
    public const int LongestPskKey = 512;

    private Func<TlsConnection, string?, PskCredentials?>? _pskClientCallback;
    private Func<TlsConnection, string?, ReadOnlyMemory<byte>?>? _pskServerCallback;
    private byte[]? _pskIdentityHint;

    /// <summary>
    /// Returns a client's identity and key. The argument is the server's hint (null for none, and always in TLS 1.3). Return null or
    /// an empty key if there is none. PSK suites are offered while it is set.
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
    /// Returns a server's key for an identity (null if the client sent an empty one). Return null or an empty key if the identity is
    /// unknown. PSK suites are accepted while it is set.
    /// </summary>
    /// <exception cref="TlsError">The context is for clients only.</exception>
    public Func<TlsConnection, string?, ReadOnlyMemory<byte>?>? PskServerCallback
    {
        get => _pskServerCallback;
        set => _pskServerCallback = Protocol != TlsProtocolSelection.TlsClient
            ? value
            : throw TlsError.Numbered("Cannot add PSK server callback to a PROTOCOL_TLS_CLIENT context");
    }

    /// <summary>A server's identity hint for clients of TLS 1.2 and earlier (RFC 4279 section 5.2); null for none.</summary>
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
