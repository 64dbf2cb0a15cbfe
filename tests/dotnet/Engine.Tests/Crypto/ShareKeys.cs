using System.Reflection;
using SslModule.Engine.Crypto.KeyAgreement;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>Puts a vector's private key in the place of the one that a key share makes for itself.</summary>
internal static class ShareKeys
{
    /// <summary>The key of a share that keeps it as bytes.</summary>
    public static byte[] Bytes(KeyShare share) => (byte[])Field(share).GetValue(share)!;

    /// <summary>Sets the key of a share that keeps it as an object.</summary>
    public static void Set(KeyShare share, object key) => Field(share).SetValue(share, key);

    private static FieldInfo Field(KeyShare share)
        => share.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Single(field => field.Name is "_key" or "_privateKey");
}
