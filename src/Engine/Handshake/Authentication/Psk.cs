using System.Text;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;
using TlsContext = SslModule.Engine.Context.TlsContext;

namespace SslModule.Engine.Handshake;

/// <summary>Gets pre-shared keys from the application and checks OpenSSL's limits.</summary>
internal static class Psk
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The client's identity and key; null if there is no usable one.</summary>
    public static PskCredentials? OfClient(HandshakeState state, byte[]? hint)
    {
        if (!state.Settings.MayHaveClientPsk || state.Context.PskClientCallback is null || !TryText(hint, out string? text))
        {
            return null;
        }

        PskCredentials? answer = Ask(state, () => state.Connection.AskClientPsk(text));
        return answer is { Key.Length: > 0 and <= TlsContext.LongestPskKey, Identity.Length: < TlsContext.LongestPskIdentity } ? answer : null;
    }

    /// <summary>The server's key for an identity; null if there is no usable one.</summary>
    public static byte[]? OfServer(HandshakeState state, byte[] identity)
    {
        // OpenSSL truncates the identity at a zero byte, so that different identities look the same to the application. Here such an identity is unknown.
        if (!state.Settings.MayHaveServerPsk || state.Context.PskServerCallback is null || identity.Contains((byte)0) || !TryText(identity, out string? text))
        {
            return null;
        }

        ReadOnlyMemory<byte>? key = Ask(state, () => state.Connection.AskServerPsk(text));
        return key is { Length: > 0 and <= TlsContext.LongestPskKey } ? key.Value.ToArray() : null;
    }

    /// <summary>Whether a TLS 1.3 suite can be used with an external PSK.</summary>
    public static bool FitsSuite(int suite) => suite is CipherSuite.TLS_AES_128_GCM_SHA256 or CipherSuite.TLS_CHACHA20_POLY1305_SHA256
        or CipherSuite.TLS_AES_128_CCM_SHA256 or CipherSuite.TLS_AES_128_CCM_8_SHA256;

    /// <summary>The error when there is no key.</summary>
    public static TlsError NotFound(AlertDescription alert) => TlsError.Ssl("SSL", "PSK_IDENTITY_NOT_FOUND", (byte)alert);

    // An exception of the callback is not a protocol error of the peer.
    private static T Ask<T>(HandshakeState state, Func<T> callback)
    {
        try
        {
            return callback();
        }
        catch (Exception exception) when (exception is not TlsError)
        {
            throw state.Fail(TlsError.Ssl("SSL", "CALLBACK_FAILED", (byte)AlertDescription.internal_error, exception));
        }
    }

    private static bool TryText(byte[]? bytes, out string? text)
    {
        text = null;
        if (bytes is null || bytes.Length == 0)
        {
            return true;
        }

        try
        {
            text = StrictUtf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
