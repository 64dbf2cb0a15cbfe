using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Context;

/// <summary>
/// A file that is open for as long as it is used and to which lines are appended, also by other processes at the same time. .NET's
/// FileMode.Append would not do on Unix: it writes to where the end was when the file was opened.
/// </summary>
internal abstract class AppendedFile : IDisposable
{
    /// <summary>Whether nothing was in the file when it was opened.</summary>
    public abstract bool WasEmpty { get; }

    /// <summary>Opens or creates a file.</summary>
    /// <exception cref="TlsError">The file cannot be opened.</exception>
    public static AppendedFile Open(string path) => OperatingSystem.IsWindows() ? new OfWindows(path) : new OfUnix(path);

    /// <summary>Appends a text in ASCII with one write.</summary>
    /// <exception cref="TlsError">It could not be written.</exception>
    public abstract void Append(string text);

    /// <inheritdoc/>
    public abstract void Dispose();

    private sealed class OfWindows : AppendedFile
    {
        private readonly FileStream _file;
        private readonly string _path;

        public OfWindows(string path)
        {
            _path = path;
            try
            {
                _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw FileErrors.From(exception, path);
            }

            WasEmpty = _file.CanSeek && _file.Length == 0;
        }

        public override bool WasEmpty { get; }

        public override void Append(string text)
        {
            try
            {
                if (_file.CanSeek)
                {
                    _file.Seek(0, SeekOrigin.End);
                }

                _file.Write(Encoding.ASCII.GetBytes(text));
            }
            catch (IOException exception)
            {
                throw FileErrors.From(exception, _path);
            }
        }

        public override void Dispose() => _file.Dispose();
    }

    private sealed class OfUnix : AppendedFile
    {
        private readonly Stream _file;
        private readonly string _path;

        public OfUnix(string path)
        {
            _path = path;
            _file = Stream.Open(path);
            WasEmpty = _file.Position == 0;
        }

        public override bool WasEmpty { get; }

        public override void Append(string text)
        {
            if (!_file.Write(Encoding.ASCII.GetBytes(text)))
            {
                throw FileErrors.From(Marshal.GetLastPInvokeError(), _path);
            }
        }

        public override void Dispose() => _file.Dispose();
    }

    /// <summary>A stream of C's, without a buffer. Its functions have no numbers and no open argument lists that differ between systems, as open() has.</summary>
    private sealed unsafe class Stream() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        private const int NoBuffer = 2;     // _IONBF of glibc, musl and macOS

        public long Position
        {
            get
            {
                bool held = false;
                DangerousAddRef(ref held);
                try
                {
                    return ftell(handle);
                }
                finally
                {
                    DangerousRelease();
                }
            }
        }

        public static Stream Open(string path)
        {
            var stream = new Stream();
            byte[] name = Encoding.UTF8.GetBytes(path + '\0');
            fixed (byte* start = name)
            fixed (byte* mode = "ae\0"u8)
            {
                stream.SetHandle(fopen(start, mode));
            }

            if (stream.IsInvalid)
            {
                throw FileErrors.From(Marshal.GetLastPInvokeError(), path);
            }

            _ = setvbuf(stream.handle, 0, NoBuffer, 0);
            return stream;
        }

        public bool Write(byte[] bytes)
        {
            bool held = false;
            DangerousAddRef(ref held);
            try
            {
                fixed (byte* start = bytes)
                {
                    return fwrite(start, 1, (nuint)bytes.Length, handle) == (nuint)bytes.Length;
                }
            }
            finally
            {
                DangerousRelease();
            }
        }

        protected override bool ReleaseHandle() => fclose(handle) == 0;

#pragma warning disable SA1300, IDE1006 // names of C's
        [DllImport("libc", SetLastError = true)]
        private static extern nint fopen(byte* path, byte* mode);

        [DllImport("libc")]
        private static extern int setvbuf(nint stream, nint buffer, int mode, nuint size);

        [DllImport("libc")]
        private static extern nint ftell(nint stream);

        [DllImport("libc", SetLastError = true)]
        private static extern nuint fwrite(byte* bytes, nuint size, nuint count, nint stream);

        [DllImport("libc")]
        private static extern int fclose(nint stream);
#pragma warning restore SA1300, IDE1006
    }
}
