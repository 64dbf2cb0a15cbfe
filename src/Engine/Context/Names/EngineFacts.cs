using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SslModule.Engine.Crypto;
using SslModule.Engine.Crypto.Curve25519;
using SslModule.Engine.Crypto.KeyAgreement;
using SslModule.Engine.Crypto.MlKem;

namespace SslModule.Engine.Context;

/// <summary>What this process runs the engine on, for reports of faults.</summary>
internal static class EngineFacts
{
    private const string Platform = "the platform's library";
    private const string Managed = "BouncyCastle";

    /// <summary>Pairs of a name and a value, in an order for readers.</summary>
    public static IReadOnlyList<(string Name, string Value)> All =>
    [
        ("runtime", RuntimeInformation.FrameworkDescription + (RuntimeFeature.IsDynamicCodeCompiled ? "" : ", compiled ahead of time")),
        ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}"),
        ("cryptography", Cryptography),
        ("AES-GCM", HardwareGcm.IsUsed ? HardwareGcm.Description : Platform),
        ("AES-CBC", PlatformCryptography.IsOnly ? Platform : AesKeySchedule.IsSupported ? "the processor's instructions" : Managed),
        ("ChaCha20-Poly1305", System.Security.Cryptography.ChaCha20Poly1305.IsSupported ? Platform : Managed),
        ("x25519", Vectors(X25519.IsUsed, Managed)),
        ("ML-KEM-768", Vectors(MlKem768.IsUsed, KeyShare.UsesPlatformMlKem ? Platform : Managed)),
    ];

    /// <summary>Whose primitives are used.</summary>
    public static string Cryptography => PlatformCryptography.IsOnly
        ? "the platform's only, BouncyCastle's for what it has not"
        : "SslModule's own, the platform's and BouncyCastle's";

    private static string Vectors(bool used, string otherwise) => used ? "the processor's instructions (AVX2)" : otherwise;
}
