using System.Runtime.InteropServices;

namespace SslModule.CPython.Native;

/// <summary>CPython's Py_buffer.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PyBuffer
{
    public void* Bytes;
    public nint Owner;
    public nint Length;
    public nint ItemSize;
    public int ReadOnly;
    public int Dimensions;
    public byte* Format;
    public nint* Shape;
    public nint* Strides;
    public nint* SubOffsets;
    public void* Internal;
}

/// <summary>CPython's PyMethodDef.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PyMethodDef
{
    public byte* Name;
    public void* Function;
    public int Flags;
    public byte* Doc;
}

/// <summary>CPython's PyGetSetDef.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PyGetSetDef
{
    public byte* Name;
    public void* Get;
    public void* Set;
    public byte* Doc;
    public void* Closure;
}

/// <summary>CPython's PyType_Slot and PyModuleDef_Slot, which look alike.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PySlot
{
    public int Id;
    public void* Value;
}

/// <summary>CPython's PyType_Spec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PyTypeSpec
{
    public byte* Name;
    public int BasicSize;
    public int ItemSize;
    public uint Flags;
    public PySlot* Slots;
}

/// <summary>CPython's PyModuleDef, its PyModuleDef_Base in front.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PyModuleDef
{
    public nint ReferenceCount;
    public nint Type;
    public void* Init;
    public nint Index;
    public nint Copy;
    public byte* Name;
    public byte* Doc;
    public nint Size;
    public PyMethodDef* Methods;
    public PySlot* Slots;
    public void* Traverse;
    public void* Clear;
    public void* Free;
}

/// <summary>The numbers of CPython's headers that the module uses.</summary>
internal static class PyNumbers
{
    public const int SlotModuleExec = 2;
    public const int SlotModuleInterpreters = 3;
    public const int SlotClear = 51;
    public const int SlotDealloc = 52;
    public const int SlotHash = 59;
    public const int SlotInit = 60;
    public const int SlotMethods = 64;
    public const int SlotNew = 65;
    public const int SlotRepr = 66;
    public const int SlotRichCompare = 67;
    public const int SlotStr = 70;
    public const int SlotTraverse = 71;
    public const int SlotGetSet = 73;
    public const int SlotDoc = 56;

    /// <summary>The value of <see cref="SlotModuleInterpreters"/> for a module that every interpreter may execute.</summary>
    public static readonly unsafe void* InterpretersWithOwnGil = (void*)2;

    public const int MethodKeywords = 0x02;
    public const int MethodNoArguments = 0x04;
    public const int MethodOneArgument = 0x08;
    public const int MethodFastCall = 0x80;

    public const uint TypeDisallowInstantiation = 1u << 7;
    public const uint TypeImmutable = 1u << 8;
    public const uint TypeBase = 1u << 10;
    public const uint TypeHasGc = 1u << 14;
    public const uint TypeDefault = 1u << 18;
    public const uint TypeIsLong = 1u << 24;
    public const uint TypeIsBytes = 1u << 27;
    public const uint TypeIsUnicode = 1u << 28;

    public const int CompareLess = 0;
    public const int CompareEqual = 2;
    public const int CompareNotEqual = 3;
}
