using System.Text.Json;

namespace SslModule.Engine.Tests.Conformance;

/// <summary>One test vector of Wycheproof: its own fields, and those that it shares with its group.</summary>
/// <param name="Algorithm">The algorithm of the file.</param>
/// <param name="Group">The fields of the group.</param>
/// <param name="Fields">The vector's own.</param>
internal readonly record struct Vector(string Algorithm, JsonElement Group, JsonElement Fields)
{
    /// <summary>What the group's vectors are, such as AeadTest.</summary>
    public string Kind => Group.GetProperty("type").GetString()!;

    /// <summary>valid, invalid, or acceptable: an implementation may take it or not.</summary>
    public string Expected => Fields.GetProperty("result").GetString()!;

    /// <summary>The number within the file.</summary>
    public int Number => Fields.GetProperty("tcId").GetInt32();

    /// <summary>Bytes of the vector, given in hexadecimal digits; none where the field is absent.</summary>
    public byte[] Bytes(string field) => Fields.TryGetProperty(field, out JsonElement value) ? Convert.FromHexString(value.GetString()!) : [];

    /// <summary>Bytes of the group.</summary>
    public byte[] GroupBytes(string field) => Convert.FromHexString(GroupText(field));

    /// <summary>A text of the group; empty where the field is absent.</summary>
    public string GroupText(string field) => Group.TryGetProperty(field, out JsonElement value) ? value.GetString()! : "";

    /// <summary>A number of the group.</summary>
    public int GroupNumber(string field) => Group.GetProperty(field).GetInt32();
}

/// <summary>A file of Wycheproof's.</summary>
internal static class VectorFile
{
    /// <summary>Reads the vectors; the document must outlive them.</summary>
    public static IEnumerable<Vector> Read(JsonDocument document)
    {
        string algorithm = document.RootElement.TryGetProperty("algorithm", out JsonElement named) ? named.GetString()! : "";
        return from @group in document.RootElement.GetProperty("testGroups").EnumerateArray()
               from vector in @group.GetProperty("tests").EnumerateArray()
               select new Vector(algorithm, @group, vector);
    }
}

/// <summary>A vector that TLS, or this engine's use of it, has no place for.</summary>
internal sealed class NotHereException(string reason) : Exception(reason);
