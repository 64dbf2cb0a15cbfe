namespace SslModule.Engine;

/// <summary>Members of <see cref="Convert"/> that came with .NET 9.</summary>
internal static class HexText
{
    extension(Convert)
    {
        /// <summary>The bytes as hexadecimal digits in lower case.</summary>
        public static string ToHexStringLower(ReadOnlySpan<byte> bytes)
            => Convert.ToHexString(bytes).ToLowerInvariant();
    }
}
