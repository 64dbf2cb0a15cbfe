using System.Security.Cryptography;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>Rejects keys that must never be trusted. distrusted-keys.txt lists them and their source.</summary>
internal static class DistrustedKeyCheck
{
    private static readonly Lazy<byte[][]> s_keys = new(Read);

    /// <summary>Whether the chain contains a distrusted key. Runs after all other checks, so that their failures are reported first.</summary>
    public static Failure? Check(CertificatePath path)
    {
        for (int depth = 0; depth < path.Count; depth++)
        {
            if (ContainsKey(path.Settings.DistrustedKeys ?? KeyHashes, path.Chain[depth]))
            {
                return new Failure(VerifyCode.Rejected, depth);
            }
        }

        return null;
    }

    /// <summary>The hashes of the embedded list.</summary>
    public static IReadOnlyList<byte[]> KeyHashes => s_keys.Value;

    private static bool ContainsKey(IReadOnlyList<byte[]> keys, Certificate certificate)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(certificate.SubjectPublicKeyInfo.Span, digest);
        foreach (byte[] key in keys)
        {
            if (digest.SequenceEqual(key))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[][] Read() => [.. new EmbeddedTable("distrusted-keys.txt").Rows.Select(row => Convert.FromHexString(row.Text(0)))];
}
