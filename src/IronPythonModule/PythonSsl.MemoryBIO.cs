using IronPython.Runtime;
using SslModule.Engine.Connection;
using SslModule.Engine.Errors;

namespace SslModule.IronPython;

/// <content>MemoryBIO.</content>
public static partial class PythonSsl
{
    [PythonType]
    [Documentation("Carries bytes between a TLS connection and a program that does its own I/O.")]
    public class MemoryBIO
    {
        internal MemoryBio Bio { get; } = new();

        [Documentation("The number of bytes pending in the memory BIO.")]
        public int pending => Bio.Pending;

        [Documentation("Whether the memory BIO is at EOF.")]
        public bool eof => Bio.IsAtEnd;

        public Bytes read() => read(-1);

        [Documentation("read(size=-1): read up to size bytes; all there are when size is negative.")]
        public Bytes read(object? size)
        {
            int wanted = Values.Int32(size);
            byte[] bytes = new byte[wanted < 0 ? Bio.Pending : Math.Min(wanted, Bio.Pending)];
            Bio.Read(bytes);
            return new Bytes(bytes);
        }

        [Documentation("write(b): append bytes; return how many.")]
        public int write(CodeContext context, object? b)
        {
            using IPythonBuffer bytes = Values.Buffer(b);
            try
            {
                Bio.Write(bytes.AsReadOnlySpan());
                return bytes.NumBytes();
            }
            catch (TlsError error)
            {
                throw SslErrors.Make(context, error, SslErrors.Origin.Library);
            }
        }

        [Documentation("write_eof(): mark the end; after the bytes are read, eof is True.")]
        public void write_eof() => Bio.WriteEnd();
    }
}
