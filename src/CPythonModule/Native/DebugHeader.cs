using System.Runtime.InteropServices;

namespace SslModule.CPython.Native;

/// <summary>
/// What a NativeAOT library tells debuggers of its runtime, under the exported symbol <c>DotNetRuntimeDebugHeader</c>: offsets of
/// fields and addresses of globals, by name.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct DebugHeader
{
    private const string Symbol = "DotNetRuntimeDebugHeader";

    /// <summary>Changes when names are removed.</summary>
    private const int KnownVersion = 5;

    private readonly uint _cookie;
    private readonly ushort _majorVersion;
    private readonly ushort _minorVersion;
    private readonly uint _flags;
    private readonly uint _reserved;
    private readonly TypeEntry* _types;
    private readonly GlobalEntry* _globals;

    private bool IsKnown => MemoryMarshal.AsBytes([_cookie]).SequenceEqual("DNDH"u8) && _majorVersion == KnownVersion;

    /// <summary>The address of this library's header, or 0 if there is none of a known version.</summary>
    public static nint Find()
    {
        // The address of any function of this library tells its file.
        delegate* unmanaged<void> own = &Nothing;
        SharedObject found;
        return Libc.dladdr((nint)own, &found) != 0
            && NativeLibrary.TryLoad(Marshal.PtrToStringUTF8(found.Path) ?? string.Empty, out nint library)
            && NativeLibrary.TryGetExport(library, Symbol, out nint header)
            && ((DebugHeader*)header)->IsKnown ? header : 0;
    }

    /// <summary>The offset of a field, or for SIZEOF the size of the type, in bytes; a KeyNotFoundException if it is not named.</summary>
    public int Offset(string type, string field)
    {
        for (TypeEntry* entry = _types; entry->Type != 0; entry++)
        {
            if (Marshal.PtrToStringUTF8(entry->Type) == type && Marshal.PtrToStringUTF8(entry->Field) == field)
            {
                return (int)entry->Offset;
            }
        }

        throw new KeyNotFoundException(type + "." + field);
    }

    /// <summary>The address of a global; a KeyNotFoundException if it is not named.</summary>
    public nint Global(string name)
    {
        for (GlobalEntry* entry = _globals; entry->Name != 0; entry++)
        {
            if (Marshal.PtrToStringUTF8(entry->Name) == name)
            {
                return entry->Value;
            }
        }

        throw new KeyNotFoundException(name);
    }

    [UnmanagedCallersOnly]
    private static void Nothing()
    {
    }

    private readonly record struct TypeEntry(nint Type, nint Field, uint Offset, uint Reserved);

    private readonly record struct GlobalEntry(nint Name, nint Value);
}
