using System.Runtime.InteropServices;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;

namespace SslModule.CPython.Surface;

/// <summary>
/// An explanation that nobody has asked for yet, as an exception keeps it. It is a text to whoever pickles or prints it: exceptions
/// go from process to process.
/// </summary>
internal static unsafe class ExplanationType
{
    private static nint _type;

    public static void Publish(nint module)
        => _type = Tables.Type(
            module,
            "_ssl._Explanation",
            Instance.Size(0),
            PyNumbers.TypeDefault | PyNumbers.TypeImmutable | PyNumbers.TypeDisallowInstantiation,
            0,
            Tables.Slot(PyNumbers.SlotDealloc, (delegate* unmanaged<nint, void>)&Trampoline.Deallocate),
            Tables.Slot(PyNumbers.SlotStr, (delegate* unmanaged<nint, nint>)&Trampoline.Text),
            Tables.Slot(PyNumbers.SlotMethods, Tables.Terminated<PyMethodDef>(
                Tables.Method("__reduce__", &Trampoline.Reduce, "The text, for pickle."))));

    /// <summary>A new object.</summary>
    public static nint Make(Lazy<string?> explanation) => Instance.New(_type, explanation);

    /// <summary>Whether an object is one.</summary>
    public static bool Is(nint value) => Values.TypeOf(value) == _type;

    /// <summary>What it stands for.</summary>
    public static Lazy<string?> Of(nint self) => Instance.Of<Lazy<string?>>(self);

    private static nint Text(nint self) => Values.Str(Of(self).Value ?? "");

    private static nint Reduce(nint self) => Values.Tuple(Values.New(Values.TypeOf(Names.Explanation)), Values.Tuple(Text(self)));

    private static class Trampoline
    {
        [UnmanagedCallersOnly]
        public static void Deallocate(nint self) => Instance.Deallocate(self, 0);

        [UnmanagedCallersOnly]
        public static nint Text(nint self) => Trampolines.Call(&ExplanationType.Text, self);

        [UnmanagedCallersOnly]
        public static nint Reduce(nint self, nint unused) => Trampolines.Call(&ExplanationType.Reduce, self);
    }
}
