using System.Security.Cryptography;
using SslModule.Engine.Context;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <content>Selection of the PSK and the key-exchange group.</content>
internal sealed partial class Server13
{
    private int _psk = -1;

    /// <summary>Selects a PSK and checks its binder, starts the key schedule, and adds the ClientHello to the transcript.</summary>
    /// <returns>True if a PSK was selected.</returns>
    private bool TakePsk(ReadOnlySpan<byte> message)
    {
        int hash = Tls13Suites.HashOf(_suite);
        ResumptionOffer offer = sessions.Offer;
        if (offer.Psks is not null && !offer.NamesPskModes)
        {
            throw _state.Fail("MISSING_PSK_KEX_MODES_EXTENSION", AlertDescription.missing_extension);
        }

        byte[]? key = offer.Psks is not null && offer.PskWithKeyExchange ? ChoosePsk(offer.Psks) : null;
        _secrets = new HandshakeSecrets(hash, key);
        if (key is null)
        {
            _state.Transcript.Append(message);
            return false;
        }

        ReadOnlySpan<byte> offered = offer.Psks![_psk].Binder.Span;
        if (offered.Length != _secrets.Length)
        {
            throw _state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
        }

        int covered = message.Length - offer.BindersLength;
        Span<byte> binder = stackalloc byte[_secrets.Length];
        Span<byte> digest = stackalloc byte[_secrets.Length];
        _state.Transcript.Append(message[..covered]);
        _state.Transcript.Hash(hash, digest);
        _state.Transcript.Append(message[covered..]);
        _secrets.Binder(ofTicket: sessions.Accepted is not null, digest, binder);
        return CryptographicOperations.FixedTimeEquals(binder, offered)
            ? true
            : throw _state.Fail("BINDER_DOES_NOT_VERIFY", AlertDescription.decrypt_error);
    }

    /// <summary>The PSK of the first acceptable ticket, otherwise of the first identity that the application knows; null for none.</summary>
    private byte[]? ChoosePsk(IReadOnlyList<OfferedPsk> offered)
    {
        if (sessions.Find(_suite) is { } ticket)
        {
            _psk = ticket;
            return sessions.Accepted!.Secret;
        }

        // Like OpenSSL, the suite is selected first, and a PSK with another hash is skipped.
        if (!_state.Settings.MayHaveServerPsk || !Psk.FitsSuite(_suite))
        {
            return null;
        }

        for (int i = 0; i < offered.Count; i++)
        {
            if (offered[i].Identity.Length <= Context.TlsContext.LongestPskIdentity && Psk.OfServer(_state, offered[i].Identity.ToArray()) is { } key)
            {
                _psk = i;
                return key;
            }
        }

        return null;
    }

    /// <summary>Selects the key-exchange group, whether or not the client sent a key share for it.</summary>
    /// <param name="hello">The ClientHello.</param>
    /// <param name="groups">The candidate groups.</param>
    private int ChooseGroup(ReceivedHello hello, out int[] groups)
    {
        ReadOnlyMemory<byte> shares = hello.Extensions[ExtensionType.key_share];
        int[] offered = hello.Groups!;
        if (IsRetried)
        {
            CheckRetried(hello, shares);
            groups = [_retryGroup];
            return _retryGroup;
        }

        foreach (int[] tuple in _state.Derived.GroupTuples)
        {
            // Within a tuple a group with a key share saves the round trip of a HelloRetryRequest.
            groups = Array.FindAll(tuple, group => KeyShares.Find(shares, group) is not null);
            if (Preferred(groups, offered) is { } shared)
            {
                return shared;
            }

            groups = tuple;
            if (Preferred(groups, offered) is { } supported)
            {
                return supported;
            }
        }

        throw _state.Fail("NO_SUITABLE_KEY_SHARE", AlertDescription.handshake_failure);
    }

    /// <summary>The first common group that TLS 1.3 allows, in the order of the end that has the preference; null for none.</summary>
    private int? Preferred(int[] own, int[] offered)
    {
        (int[] ordered, int[] other) = SupportedAlgorithms.PrefersOwn(_state.Settings) ? (own, offered) : (offered, own);
        int index = Array.FindIndex(ordered, group => other.Contains(group) && SupportedAlgorithms.IsTls13Group(group));
        return index < 0 ? null : ordered[index];
    }

    /// <summary>Checks that the second ClientHello has exactly one key share, of the requested group, and the cookie of the HelloRetryRequest (RFC 8446 section 4.2.8).</summary>
    private void CheckRetried(ReceivedHello hello, ReadOnlyMemory<byte> shares)
    {
        Cookie.Check(_state, hello.Extensions, _cookie);
        bool only = KeyShares.Find(shares, _retryGroup) is { } share && shares.Length == 2 + 2 + 2 + share.Length;
        if (!only)
        {
            throw _state.Fail("BAD_KEY_SHARE", AlertDescription.illegal_parameter);
        }
    }
}
