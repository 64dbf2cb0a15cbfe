using System.Formats.Asn1;
using System.Security.Cryptography;
using SslModule.Engine.Errors;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace SslModule.Engine.Context;

/// <summary>The finite-field group of a server's DHE suites (PKCS #3 DHParameter, or X9.42 DomainParameters, which begin alike).</summary>
/// <param name="Prime">p.</param>
/// <param name="Generator">g.</param>
internal sealed record DhParameters(BigInteger Prime, BigInteger Generator)
{
    // A longer prime makes every handshake cost seconds: OpenSSL stops at the same length (OPENSSL_DH_MAX_MODULUS_BITS).
    private const int LongestPrime = 10_000;

    /// <summary>Reads a PEM file.</summary>
    /// <exception cref="TlsError">The file is missing or holds no DH parameters.</exception>
    public static DhParameters FromPemFile(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path, System.Text.Encoding.Latin1);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw FileErrors.From(exception, path);
        }

        ReadOnlySpan<char> rest = text;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            if (rest[fields.Label] is "DH PARAMETERS" or "X9.42 DH PARAMETERS")
            {
                return Decode(Convert.FromBase64String(rest[fields.Base64Data].ToString()));
            }

            rest = rest[fields.Location.End..];
        }

        throw TlsError.Ssl("PEM", "NO_START_LINE");
    }

    private static DhParameters Decode(byte[] der)
    {
        try
        {
            AsnReader sequence = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            var prime = new BigInteger(sequence.ReadInteger().ToByteArray(isBigEndian: true));
            var generator = new BigInteger(sequence.ReadInteger().ToByteArray(isBigEndian: true));
            bool sane = prime.SignValue > 0 && prime.BitLength is >= 512 and <= LongestPrime && prime.TestBit(0)
                && generator.CompareTo(BigInteger.One) > 0 && generator.CompareTo(prime.Subtract(BigInteger.One)) < 0;
            return sane ? new DhParameters(prime, generator) : throw TlsError.Ssl("DH", "INVALID_PARAMETER_VALUE");
        }
        catch (AsnContentException exception)
        {
            throw TlsError.Ssl("ASN1", "DECODE_ERROR", null, exception);
        }
    }
}
