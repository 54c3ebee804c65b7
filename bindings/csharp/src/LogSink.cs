using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Biobert
{
    /// <summary>The way of a log line from the library to an <see cref="Action{T}"/>. The library holds a
    /// GCHandle of the action as its userdata and gives it back exactly once.</summary>
    internal static class LogSink
    {
        // Static, so that the functions which the library calls are never collected.
        private static readonly LineFunction OnLine = Line;
        private static readonly DropFunction OnDrop = Drop;

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void LineFunction(IntPtr userdata, Str line);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void DropFunction(IntPtr userdata);

        internal static void Set(ref EngineOptions.Native options, Action<string> log)
        {
            options.Log = Marshal.GetFunctionPointerForDelegate(OnLine);
            options.LogDrop = Marshal.GetFunctionPointerForDelegate(OnDrop);
            options.LogUserdata = GCHandle.ToIntPtr(GCHandle.Alloc(log));
        }

        private static void Line(IntPtr userdata, Str line)
        {
            try
            {
                ((Action<string>)GCHandle.FromIntPtr(userdata).Target)(line.Read());
            }
            catch (ThreadAbortException)
            {
                // .NET Framework and Mono would raise it again at the end of this block.
                Thread.ResetAbort();
            }
            catch (Exception)
            {
                // An exception must not unwind through native frames.
            }
        }

        private static void Drop(IntPtr userdata)
        {
            GCHandle.FromIntPtr(userdata).Free();
        }
    }
}
