using System.Buffers.Binary;
using System.Text;
using Org.BouncyCastle.Tls;

namespace SslModule.Engine.Handshake;

/// <summary>What a ClientHello says that decides whether a session may be resumed.</summary>
internal sealed record ResumptionOffer
{
    /// <summary>A hello without extensions.</summary>
    public static readonly ResumptionOffer None = new();

    /// <summary>The name asked for.</summary>
    public string? ServerName { get; private init; }

    /// <summary>The protocols of ALPN.</summary>
    public IList<ProtocolName>? Protocols { get; private init; }

    /// <summary>RFC 5077's extension: null when absent, empty when the client only asks for a ticket.</summary>
    public byte[]? Ticket { get; private init; }

    /// <summary>RFC 7366's extension.</summary>
    public bool EncryptThenMac { get; private init; }

    /// <summary>RFC 6066 section 4's code, or -1.</summary>
    public int MaxFragmentLength { get; private init; } = -1;

    /// <summary>Whether the client takes a PSK together with a key exchange (RFC 8446 section 4.2.9).</summary>
    public bool PskWithKeyExchange { get; private init; }

    /// <summary>The obfuscated ages of the PSKs, in order.</summary>
    public IReadOnlyList<uint> TicketAges { get; private init; } = [];

    /// <summary>
    /// Reads the extensions; BouncyCastle has read them before, so their outer form is good. Zeroes the ticket ages, because
    /// BouncyCastle looks a chosen PSK up as an external one, whose age is 0.
    /// </summary>
    /// <exception cref="TlsFatalAlert">An extension is malformed.</exception>
    public static ResumptionOffer Of(IDictionary<int, byte[]>? extensions)
    {
        if (extensions is null)
        {
            return None;
        }

        byte[]? host = TlsExtensionsUtilities.GetServerNameExtensionClient(extensions)?.FirstOrDefault(name => name.NameType == NameType.host_name)?.NameData;
        return new ResumptionOffer
        {
            ServerName = host is null ? null : Encoding.Latin1.GetString(host),
            Protocols = TlsExtensionsUtilities.GetAlpnExtensionClient(extensions),
            Ticket = TlsUtilities.GetExtensionData(extensions, ExtensionType.session_ticket),
            EncryptThenMac = TlsExtensionsUtilities.HasEncryptThenMacExtension(extensions),
            MaxFragmentLength = TlsExtensionsUtilities.GetMaxFragmentLengthExtension(extensions),
            PskWithKeyExchange = TlsExtensionsUtilities.GetPskKeyExchangeModesExtension(extensions)?.Contains(PskKeyExchangeMode.psk_dhe_ke) == true,
            TicketAges = TakeAges(TlsUtilities.GetExtensionData(extensions, ExtensionType.pre_shared_key)),
        };
    }

    private static List<uint> TakeAges(byte[]? preSharedKey)
    {
        var ages = new List<uint>();
        if (preSharedKey is null)
        {
            return ages;
        }

        Span<byte> identities = TakeVector(preSharedKey, out Span<byte> rest);
        while (!identities.IsEmpty)
        {
            if (TakeVector(identities, out identities).IsEmpty || identities.Length < sizeof(uint))
            {
                throw new TlsFatalAlert(AlertDescription.decode_error);
            }

            ages.Add(BinaryPrimitives.ReadUInt32BigEndian(identities));
            identities[..sizeof(uint)].Clear();
            identities = identities[sizeof(uint)..];
        }

        if (ages.Count != CountBinders(rest))
        {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter);
        }

        return ages;
    }

    /// <summary>RFC 8446 section 4.2.11: one binder for each identity, in the same order.</summary>
    private static int CountBinders(Span<byte> vector)
    {
        Span<byte> binders = TakeVector(vector, out Span<byte> rest);
        if (!rest.IsEmpty)
        {
            throw new TlsFatalAlert(AlertDescription.decode_error);
        }

        int count = 0;
        for (; !binders.IsEmpty; count++)
        {
            if (binders.Length <= binders[0])
            {
                throw new TlsFatalAlert(AlertDescription.decode_error);
            }

            binders = binders[(1 + binders[0])..];
        }

        return count;
    }

    private static Span<byte> TakeVector(Span<byte> bytes, out Span<byte> rest)
    {
        if (bytes.Length < 2 || bytes.Length - 2 < BinaryPrimitives.ReadUInt16BigEndian(bytes))
        {
            throw new TlsFatalAlert(AlertDescription.decode_error);
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        rest = bytes[(2 + length)..];
        return bytes.Slice(2, length);
    }
}
