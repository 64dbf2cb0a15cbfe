using System.Security.Cryptography;
using SslModule.Engine.Context;
using SslModule.Engine.Sessions;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>Builds the contents of a ClientHello for all enabled versions (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2).</summary>
internal static class ClientHelloOffer
{
    private const int RandomLength = 32;
    private const int SessionIdLength = 32;

    // Room for server_name, session_ticket and renegotiation_info.
    private const int MaxAdded = 3;

    /// <summary>The contents of the first handshake's ClientHello.</summary>
    /// <exception cref="FatalAlertException">No enabled group works with the enabled versions.</exception>
    public static OfferedHello Make(HandshakeState state, ClientSessions sessions)
    {
        int[] versions = state.Derived.ClientVersions;
        TlsSession? session = sessions.Offer();
        Dictionary<ExtensionType, byte[]> prepared = state.Derived.ClientExtensions ??= Prepare(state, versions, state.Derived.ClientGroups);
        return new OfferedHello(
            Math.Min(versions[0], ProtocolVersion.TLSv12),
            versions,
            RandomNumberGenerator.GetBytes(RandomLength),
            session?.Id.ToArray() ?? CompatibilityId(state),
            Suites(state, versions),
            Extensions(state, sessions, prepared, versions),
            session);
    }

    /// <summary>The contents of a renegotiation's ClientHello: the connection's version, no session, and the client's last verify_data (RFC 5746 section 3.5).</summary>
    /// <exception cref="FatalAlertException">No enabled group works with the version.</exception>
    public static OfferedHello MakeRenegotiation(HandshakeState state, ClientSessions sessions)
    {
        int[] versions = [state.Version];
        int[] groups = Array.FindAll(state.Derived.Groups, group => NamedGroup.IsDefinedIn(group, state.Version));
        Dictionary<ExtensionType, byte[]> extensions = Extensions(state, sessions, Prepare(state, versions, groups), versions);
        RenegotiationInfo.Offer(state, extensions);
        return new OfferedHello(
            state.Version,
            versions,
            RandomNumberGenerator.GetBytes(RandomLength),
            [],
            Array.FindAll(state.Derived.ClientSuites, suite => Ciphers.CipherSuites.ById(suite)!.IsDefinedIn(state.Version)),
            extensions,
            null);
    }

    // RFC 8446 appendix D.4: a session ID makes the handshake look like a TLS 1.2 resumption to middleboxes.
    private static byte[] CompatibilityId(HandshakeState state)
        => state.Derived.ClientVersions[0] == ProtocolVersion.TLSv13 && state.Settings.Has(TlsOptions.EnableMiddleboxCompat)
            ? RandomNumberGenerator.GetBytes(SessionIdLength)
            : [];

    private static int[] Suites(HandshakeState state, int[] versions)
    {
        int[] suites = state.Derived.ClientSuites;

        // RFC 5746 section 3.3. Not needed for TLS 1.3, which has no renegotiation.
        int[] signalling = (versions[^1] < ProtocolVersion.TLSv13, state.Settings.SendsFallbackScsv) switch
        {
            (true, true) => [CipherSuite.TLS_EMPTY_RENEGOTIATION_INFO_SCSV, CipherSuite.TLS_FALLBACK_SCSV],
            (true, false) => [CipherSuite.TLS_EMPTY_RENEGOTIATION_INFO_SCSV],
            (false, true) => [CipherSuite.TLS_FALLBACK_SCSV],
            _ => [],
        };
        return [.. suites, .. signalling];
    }

    private static Dictionary<ExtensionType, byte[]> Extensions(HandshakeState state, ClientSessions sessions, Dictionary<ExtensionType, byte[]> prepared, int[] versions)
    {
        var extensions = new Dictionary<ExtensionType, byte[]>(prepared.Count + MaxAdded);
        ServerNameExtension.Offer(state, extensions);
        foreach ((ExtensionType type, byte[] data) in prepared)
        {
            extensions.Add(type, data);
        }

        if (Array.Exists(versions, version => version is > ProtocolVersion.SSLv3 and < ProtocolVersion.TLSv13)
            && sessions.TicketExtension is { } ticket)
        {
            extensions.Add(ExtensionType.session_ticket, ticket);
        }

        return extensions;
    }

    /// <summary>The extensions that do not depend on the connection.</summary>
    private static Dictionary<ExtensionType, byte[]> Prepare(HandshakeState state, int[] versions, int[] groups)
    {
        bool tls13 = versions[0] == ProtocolVersion.TLSv13;
        bool legacy = versions[^1] < ProtocolVersion.TLSv13;
        var extensions = new Dictionary<ExtensionType, byte[]>();
        if (legacy)
        {
            EncryptThenMac.Offer(state, extensions);
            ExtendedMasterSecret.Offer(state, extensions);
        }

        if (tls13)
        {
            PostHandshakeAuth.Offer(state, extensions);
        }

        OcspStaple.Offer(state, extensions);
        Alpn.Offer(state, extensions);
        if (versions[0] >= ProtocolVersion.TLSv12)
        {
            SignatureAlgorithms.Offer(state, versions[0], extensions);
        }

        SupportedGroups.Offer(state, extensions, versions, groups);
        if (legacy)
        {
            PointFormats.Offer(extensions);
        }

        if (tls13)
        {
            PskKeyExchangeModes.Offer(extensions);
            SupportedVersions.Offer(extensions, versions);
        }

        RecordLimits.Offer(state, extensions, tls13);
        return extensions;
    }

    /// <summary>The bytes that <paramref name="write"/> writes.</summary>
    public static byte[] Data(Action<WireWriter> write)
    {
        var buffer = new ByteBuffer();
        write(new WireWriter(buffer));
        byte[] data = buffer.Span.ToArray();
        buffer.Consume(buffer.Length);
        return data;
    }
}
