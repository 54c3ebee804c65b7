using System;

namespace Biobert
{
    /// <summary>Why a call failed, or why a document has no result. The message never holds a word of a
    /// document.</summary>
    public sealed class BiobertException : Exception
    {
        internal BiobertException(Status status, string message)
            : base(message)
        {
            Status = status;
            StatusName = Library.StatusName(status);
        }

        /// <summary>The kind of failure.</summary>
        public Status Status { get; }

        /// <summary>Its name in the C interface, such as <c>BIOBERT_E_NOT_FOUND</c>.</summary>
        public string StatusName { get; }
    }
}
