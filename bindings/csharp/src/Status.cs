namespace Biobert
{
    /// <summary>How a call ended, or what became of a document. The numbers are those of the C interface and are
    /// never reused; a later library may have more.</summary>
    public enum Status
    {
        /// <summary>Success.</summary>
        Ok = 0,

        /// <summary>A wrong argument.</summary>
        Argument = 1,

        /// <summary>A file, a directory or a head does not exist.</summary>
        NotFound = 2,

        /// <summary>The operating system could not read or write a file or start a thread.</summary>
        Io = 3,

        /// <summary>A model's files are whole but do not fit together.</summary>
        Model = 4,

        /// <summary>A model file is damaged.</summary>
        Corrupt = 5,

        /// <summary>Well formed, but this version cannot do it.</summary>
        Unsupported = 6,

        /// <summary>An input is larger than a limit of the engine.</summary>
        Limit = 7,

        /// <summary>A text is not valid Unicode.</summary>
        Encoding = 8,

        /// <summary>The call was cancelled. Seen as an <see cref="System.OperationCanceledException"/>.</summary>
        Cancelled = 9,

        /// <summary>The deadline passed.</summary>
        Deadline = 10,

        /// <summary>The object is in use by another thread.</summary>
        Busy = 11,

        /// <summary>A bug in the library: a panic was caught. The objects of the call stay usable, except for a trainer.</summary>
        Panic = 12,

        /// <summary>A bug in the library that it noticed itself.</summary>
        Internal = 13,

        /// <summary>A GPU cannot be used, or it failed.</summary>
        Device = 14,
    }
}
