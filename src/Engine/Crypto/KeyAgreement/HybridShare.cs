using System.Security.Cryptography;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto.KeyAgreement;

/// <summary>A hybrid key exchange that concatenates the values and secrets of two components (draft-ietf-tls-hybrid-design section 3).</summary>
/// <param name="first">The first component.</param>
/// <param name="second">The second component.</param>
/// <param name="split">The offset of the second component in the peer's value, whose length has been checked.</param>
internal sealed class HybridShare(KeyShare first, KeyShare second, int split) : KeyShare
{
    /// <inheritdoc/>
    public override void Offer(ByteBuffer output)
    {
        first.Offer(output);
        second.Offer(output);
    }

    /// <inheritdoc/>
    public override byte[] Agree(ReadOnlySpan<byte> answer)
        => answer.Length > split ? Joined(first.Agree(answer[..split]), second.Agree(answer[split..])) : throw Refusal();

    /// <inheritdoc/>
    public override byte[] Answer(ReadOnlySpan<byte> offer, ByteBuffer output)
        => offer.Length > split ? Joined(first.Answer(offer[..split], output), second.Answer(offer[split..], output)) : throw Refusal();

    /// <inheritdoc/>
    public override void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    private static byte[] Joined(byte[] one, byte[] other)
    {
        byte[] both = [.. one, .. other];
        CryptographicOperations.ZeroMemory(one);
        CryptographicOperations.ZeroMemory(other);
        return both;
    }
}
