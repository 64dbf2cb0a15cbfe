using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The certificate_authorities extension of a CertificateRequest or a ClientHello (RFC 8446 section 4.2.4).</summary>
internal static class CertificateAuthorities
{
    /// <summary>Writes the names to a CertificateRequest of TLS 1.3; nothing if there are none.</summary>
    public static void Write(WireWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> names)
    {
        if (names.Count > 0)
        {
            writer.Extension(ExtensionType.certificate_authorities);
            int data = writer.Open(2);
            WriteList(writer, names);
            writer.Close(2, data);
        }
    }

    /// <summary>Writes the list of names, which a CertificateRequest before TLS 1.3 has too (RFC 5246 section 7.4.4).</summary>
    public static void WriteList(WireWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> names)
    {
        int list = writer.Open(2);
        foreach (ReadOnlyMemory<byte> name in names)
        {
            writer.Vector(2, name.Span);
        }

        writer.Close(2, list);
    }

    /// <summary>Checks the extension.</summary>
    /// <remarks>Like OpenSSL without a certificate callback, the names do not affect the choice of certificate.</remarks>
    /// <exception cref="FatalAlertException">It is malformed.</exception>
    public static void Check(HandshakeState state, Dictionary<ExtensionType, ReadOnlyMemory<byte>> extensions)
    {
        if (!extensions.TryGetValue(ExtensionType.certificate_authorities, out ReadOnlyMemory<byte> data))
        {
            return;
        }

        var reader = new WireReader(data);
        bool whole = reader.TryVector(2, out ReadOnlyMemory<byte> list) && reader.Rest.IsEmpty && !list.IsEmpty;
        for (reader = new WireReader(list); whole && !reader.Rest.IsEmpty;)
        {
            whole = reader.TryVector(2, out ReadOnlyMemory<byte> name) && !name.IsEmpty;
        }

        if (!whole)
        {
            throw state.Fail("BAD_EXTENSION", AlertDescription.decode_error);
        }
    }
}
