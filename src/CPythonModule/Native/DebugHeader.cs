using System.Runtime.InteropServices;

namespace SslModule.CPython.Native;

/// <summary>
/// What a NativeAOT library tells debuggers of its runtime, under the exported symbol <c>DotNetRuntimeDebugHeader</c>: offsets of
/// fields and addresses of globals, by name. Nothing here allocates.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct DebugHeader
{
    /// <summary>Changes when names are removed.</summary>
    private const int KnownVersion = 5;

    // "DNDH".
    private const uint KnownCookie = 0x48444e44;

    private readonly uint _cookie;
    private readonly ushort _majorVersion;
    private readonly ushort _minorVersion;
    private readonly uint _flags;
    private readonly uint _reserved;
    private readonly TypeEntry* _types;
    private readonly GlobalEntry* _globals;

    /// <summary>The address of this library's header, or 0 if there is none of a known version.</summary>
    public static nint Find()
    {
        // The address of any function of this library tells its file.
        delegate* unmanaged<void> own = &Nothing;
        SharedObject found;
        nint library = Libc.dladdr((nint)own, &found) == 0 ? 0 : Libc.dlopen(found.Path, Libc.RTLD_LAZY | Libc.RTLD_NOLOAD);
        if (library == 0)
        {
            return 0;
        }

        fixed (byte* symbol = "DotNetRuntimeDebugHeader"u8)
        {
            var header = (DebugHeader*)Libc.dlsym(library, symbol);
            return header != null && header->_cookie == KnownCookie && header->_majorVersion == KnownVersion ? (nint)header : 0;
        }
    }

    /// <summary>The offset of a field, or for SIZEOF the size of the type, in bytes; -1 if it is not named.</summary>
    public int Offset(ReadOnlySpan<byte> type, ReadOnlySpan<byte> field)
    {
        for (TypeEntry* entry = _types; entry->Type != 0; entry++)
        {
            if (Text(entry->Type).SequenceEqual(type) && Text(entry->Field).SequenceEqual(field))
            {
                return (int)entry->Offset;
            }
        }

        return -1;
    }

    /// <summary>The address of a global; 0 if it is not named.</summary>
    public nint Global(ReadOnlySpan<byte> name)
    {
        for (GlobalEntry* entry = _globals; entry->Name != 0; entry++)
        {
            if (Text(entry->Name).SequenceEqual(name))
            {
                return entry->Value;
            }
        }

        return 0;
    }

    private static ReadOnlySpan<byte> Text(nint text) => MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)text);

    [UnmanagedCallersOnly]
    private static void Nothing()
    {
    }

    private readonly record struct TypeEntry(nint Type, nint Field, uint Offset, uint Reserved);

    private readonly record struct GlobalEntry(nint Name, nint Value);
}
