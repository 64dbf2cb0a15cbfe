using System.Net;
using System.Runtime.InteropServices;
using System.Security.Authentication.ExtendedProtection;

namespace SslModule.Engine.Streams;

/// <summary>Channel bindings of a stream, for authentication protocols on top of it such as NegotiateAuthentication.</summary>
internal sealed class TlsTransportContext(TlsStream stream) : TransportContext
{
    public override ChannelBinding? GetChannelBinding(ChannelBindingKind kind)
    {
        string? type = kind switch
        {
            ChannelBindingKind.Unique => "tls-unique",
            ChannelBindingKind.Endpoint => "tls-server-end-point",
            _ => throw new NotSupportedException($"Channel bindings of the kind {kind} are not supported."),
        };
        return stream.GetChannelBinding(type) is { } data ? new Token([.. System.Text.Encoding.ASCII.GetBytes(type + ":"), .. data]) : null;
    }

    /// <summary>
    /// The Windows structure SEC_CHANNEL_BINDINGS: eight 32-bit numbers, of which only the length and the offset of the application
    /// data are used here, followed by that data.
    /// </summary>
    private sealed class Token : ChannelBinding
    {
        private const int HeaderLength = 8 * sizeof(int);
        private const int DataLengthAt = 6 * sizeof(int);
        private const int DataOffsetAt = 7 * sizeof(int);

        public Token(byte[] data)
        {
            Size = HeaderLength + data.Length;
            SetHandle(Marshal.AllocHGlobal(Size));
            Marshal.Copy(new byte[HeaderLength], 0, handle, HeaderLength);
            Marshal.WriteInt32(handle, DataLengthAt, data.Length);
            Marshal.WriteInt32(handle, DataOffsetAt, HeaderLength);
            Marshal.Copy(data, 0, handle + HeaderLength, data.Length);
        }

        public override int Size { get; }

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle()
        {
            Marshal.FreeHGlobal(handle);
            return true;
        }
    }
}
