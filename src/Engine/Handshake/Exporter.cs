using System.Security.Cryptography;
using System.Text;
using SslModule.Engine.Crypto;
using SslModule.Engine.Handshake.Tls12;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake;

/// <summary>What a finished connection keeps to export keying material from (RFC 5705, RFC 8446 section 7.5).</summary>
internal sealed class Exporter
{
    private readonly byte[] _secret;
    private readonly int _version;
    private readonly int _hash;
    private readonly byte[] _randoms;

    private Exporter(byte[] secret, int version, int hash, byte[] randoms)
        => (_secret, _version, _hash, _randoms) = (secret, version, hash, randoms);

    /// <summary>The exporter of a handshake before TLS 1.3.</summary>
    /// <param name="secret">The master secret, which is this one's then.</param>
    /// <param name="version">The version.</param>
    /// <param name="hash">The number of the suite's hash.</param>
    /// <param name="randoms">The client's random and the server's.</param>
    public static Exporter Tls12(byte[] secret, int version, int hash, byte[] randoms) => new(secret, version, hash, randoms);

    /// <summary>The exporter of a TLS 1.3 handshake.</summary>
    /// <param name="secret">The exporter_master_secret, which is this one's then.</param>
    /// <param name="hash">The number of the suite's hash.</param>
    public static Exporter Tls13(byte[] secret, int hash) => new(secret, ProtocolVersion.TLSv13, hash, randoms: []);

    /// <summary>The keying material of a label; before TLS 1.3 no context and an empty one differ.</summary>
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
