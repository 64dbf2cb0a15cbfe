using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SslModule.Engine.Crypto;
using SslModule.Engine.Crypto.Curve25519;
using SslModule.Engine.Crypto.MlKem;

namespace SslModule.Engine.Context;

/// <summary>What this process runs the engine on, for reports of faults.</summary>
internal static class EngineFacts
{
    /// <summary>Pairs of a name and a value, in an order for readers.</summary>
    public static IReadOnlyList<(string Name, string Value)> All =>
    [
        ("runtime", RuntimeInformation.FrameworkDescription + (RuntimeFeature.IsDynamicCodeCompiled ? "" : ", compiled ahead of time")),
        ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}"),
        ("AES-GCM", HardwareGcm.IsSupported ? $"the processor's instructions ({(Ghash.IsWide ? "256" : "128")} bits wide)" : "the platform's library"),
        ("ChaCha20-Poly1305", System.Security.Cryptography.ChaCha20Poly1305.IsSupported ? "the platform's library" : "BouncyCastle"),
        ("x25519", Vectors(X25519.IsSupported)),
        ("ML-KEM-768", Vectors(MlKem768.IsSupported)),
    ];

    private static string Vectors(bool used) => used ? "the processor's instructions (AVX2)" : "BouncyCastle";
}
