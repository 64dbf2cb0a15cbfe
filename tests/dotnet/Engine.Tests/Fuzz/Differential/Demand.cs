using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Fuzz.Differential;

/// <summary>What both sides of a comparison demand of a chain.</summary>
/// <param name="OfServer">True for a server's certificate, false for a client's.</param>
/// <param name="Flags">Verification flags, with OpenSSL's numbers.</param>
/// <param name="SecurityLevel">The security level.</param>
/// <param name="HostName">The name that the leaf must have; null for none.</param>
/// <param name="HostFlags">X509_CHECK_FLAG bits.</param>
/// <param name="Time">The time of the verification.</param>
internal sealed record Demand(bool OfServer, VerifyFlags Flags, int SecurityLevel, string? HostName, uint HostFlags, DateTimeOffset Time);
