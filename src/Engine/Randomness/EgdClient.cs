using System.Net.Sockets;
using System.Security.Cryptography;

namespace SslModule.Engine.Randomness;

/// <summary>A client of the entropy gathering daemon (EGD), which serves random bytes over a Unix socket (<c>RAND_egd</c>).</summary>
internal static class EgdClient
{
    /// <summary>The result of <c>RAND_egd</c> when the daemon cannot be reached or sends too few bytes.</summary>
    public const int Failure = -1;

    // EGD's "read entropy, blocking" command: the command byte, then the byte count. The answer is exactly those bytes.
    private const byte BlockingRead = 2;
    private const byte RequestedLength = 255;

    /// <summary>Adds the daemon's bytes to <see cref="RandomSource"/>; returns their count, or <see cref="Failure"/>.</summary>
    public static int Seed(string path)
    {
        byte[] entropy = new byte[RequestedLength];
        if (!TryQuery(path, entropy))
        {
            return Failure;
        }

        RandomSource.Add(entropy, entropy.Length);
        CryptographicOperations.ZeroMemory(entropy);
        return entropy.Length;
    }

    private static bool TryQuery(string path, Span<byte> destination)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Send([BlockingRead, (byte)destination.Length]);
            while (!destination.IsEmpty)
            {
                int count = socket.Receive(destination);
                if (count == 0)
                {
                    return false;
                }

                destination = destination[count..];
            }

            return true;
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException or PlatformNotSupportedException)
        {
            // The daemon does not run, or the path is no valid socket path (empty or too long).
            return false;
        }
    }
}
