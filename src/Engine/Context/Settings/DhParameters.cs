using System.Formats.Asn1;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace SslModule.Engine.Context;

/// <summary>The finite-field group of a server's DHE suites (PKCS #3 DHParameter, or X9.42 DomainParameters, which start with the same fields).</summary>
/// <param name="Prime">The prime p.</param>
/// <param name="Generator">The generator g.</param>
internal sealed record DhParameters(BigInteger Prime, BigInteger Generator)
{
    // OpenSSL's limit (OPENSSL_DH_MAX_MODULUS_BITS). A longer prime would make every handshake take seconds.
    private const int MaxPrimeBits = 10_000;

    /// <summary>Reads a PEM file.</summary>
    /// <exception cref="TlsError">The file is missing, or has no DH parameters.</exception>
    public static DhParameters FromPemFile(string path)
    {
        PemBlock block = Pem.Blocks(CertificateFiles.ReadBytes(path)).Find(block => block.Data is null || block.Label is "DH PARAMETERS" or "X9.42 DH PARAMETERS")
            ?? throw TlsError.Ssl("PEM", "NO_START_LINE");
        return Decode(block.Data ?? throw PemError.Of(block));
    }

    private static DhParameters Decode(byte[] der)
    {
        try
        {
            AsnReader sequence = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            var prime = new BigInteger(sequence.ReadInteger().ToByteArray(isBigEndian: true));
            var generator = new BigInteger(sequence.ReadInteger().ToByteArray(isBigEndian: true));
            bool sane = prime.SignValue > 0 && prime.BitLength is >= 512 and <= MaxPrimeBits && prime.TestBit(0)
                && generator.CompareTo(BigInteger.One) > 0 && generator.CompareTo(prime.Subtract(BigInteger.One)) < 0;
            return sane ? new DhParameters(prime, generator) : throw TlsError.Ssl("DH", "INVALID_PARAMETER_VALUE");
        }
        catch (AsnContentException)
        {
            throw TlsError.LibraryOnly("PEM", "ASN1 lib");
        }
    }
}
