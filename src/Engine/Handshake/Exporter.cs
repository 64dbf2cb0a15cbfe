using System.Security.Cryptography;
using System.Text;
using SslModule.Engine.Crypto;
using SslModule.Engine.Handshake.Tls12;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>The secrets that an established connection keeps for exported keying material (RFC 5705, RFC 8446 section 7.5).</summary>
internal sealed class Exporter
{
    private readonly byte[] _secret;
    private readonly int _version;
    private readonly int _hash;
    private readonly byte[] _randoms;

    private Exporter(byte[] secret, int version, int hash, byte[] randoms)
        => (_secret, _version, _hash, _randoms) = (secret, version, hash, randoms);

    /// <summary>The exporter of TLS 1.2 or earlier.</summary>
    /// <param name="secret">The master secret. The exporter takes ownership of it.</param>
    /// <param name="version">The version.</param>
    /// <param name="hash">The suite's hash algorithm.</param>
    /// <param name="randoms">The client random followed by the server random.</param>
    public static Exporter Tls12(byte[] secret, int version, int hash, byte[] randoms) => new(secret, version, hash, randoms);

    /// <summary>The exporter of a TLS 1.3 handshake.</summary>
    /// <param name="secret">The exporter_master_secret. The exporter takes ownership of it.</param>
    /// <param name="hash">The suite's hash algorithm.</param>
    public static Exporter Tls13(byte[] secret, int hash) => new(secret, ProtocolVersion.TLSv13, hash, randoms: []);

    /// <summary>Derives keying material for a label. Before TLS 1.3, a null context and an empty one give different results.</summary>
    public byte[] Export(string label, byte[]? context, int length)
    {
        byte[] exported = new byte[length];
        if (_version < ProtocolVersion.TLSv13)
        {
            byte[] seed = context is null ? _randoms : [.. _randoms, (byte)(context.Length >> 8), (byte)context.Length, .. context];
            Prf.Fill(_version, _hash, _secret, Encoding.ASCII.GetBytes(label), seed, exported);
            return exported;
        }

        Span<byte> derived = stackalloc byte[_secret.Length];
        KeySchedule.ExpandLabel(_hash, _secret, label, HashAlgorithms.Hash(_hash, []), derived);
        KeySchedule.ExpandLabel(_hash, derived, "exporter", HashAlgorithms.Hash(_hash, context ?? []), exported);
        CryptographicOperations.ZeroMemory(derived);
        return exported;
    }

    /// <summary>Zeroes the secret.</summary>
    public void Destroy() => CryptographicOperations.ZeroMemory(_secret);
}
