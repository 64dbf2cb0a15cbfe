using System.Net.Sockets;
using System.Security.Cryptography;

namespace SslModule.Engine.Randomness;

/// <summary>A client of the entropy gathering daemon, which hands out randomness over a Unix socket (<c>RAND_egd</c>).</summary>
internal static class EgdClient
{
    /// <summary>What <c>RAND_egd</c> returns when the daemon cannot be reached or does not deliver.</summary>
    public const int Failure = -1;

    // "Read entropy, blocking": the command, then how many bytes; the answer is those bytes and nothing else.
    private const byte BlockingRead = 2;
    private const byte Wanted = 255;

    /// <summary>Adds the daemon's bytes to <see cref="RandomSource"/>; returns their number, or <see cref="Failure"/>.</summary>
    public static int Seed(string path)
    {
        byte[] entropy = new byte[Wanted];
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
            // No daemon, or a path that cannot be a socket's (empty, too long).
            return false;
        }
    }
}
