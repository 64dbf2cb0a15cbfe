namespace SslModule.Engine.Oids;

/// <summary>An entry of OpenSSL's object table.</summary>
/// <param name="Nid">OpenSSL's numeric identifier (NID).</param>
/// <param name="ShortName">Such as <c>CN</c>.</param>
/// <param name="LongName">Such as <c>commonName</c>.</param>
/// <param name="Oid">Such as <c>2.5.4.3</c>; null for objects without an identifier, such as <c>kx-ecdhe</c>.</param>
internal sealed record OidEntry(int Nid, string ShortName, string LongName, string? Oid);
