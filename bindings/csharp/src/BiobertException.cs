using System;

namespace Biobert
{
    /// <summary>Why a call failed, or why a document has no result. The message never contains any text of a
    /// document.</summary>
    public sealed class BiobertException : Exception
    {
        internal BiobertException(Status status, string message, long docIndex = -1)
            : base(message)
        {
            if (docIndex >= 0) DocIndex = checked((int)docIndex);
            Status = status;
            StatusName = Library.StatusName(status);
        }

        /// <summary>The kind of failure.</summary>
        public Status Status { get; }

        /// <summary>Its name in the C interface, such as <c>BIOBERT_E_NOT_FOUND</c>.</summary>
        public string StatusName { get; }

        /// <summary>The index of the document, or question, that is to blame: the one without a result, or the one
        /// that made the whole call fail, such as that of a given entity with an impossible place. Null if no
        /// single one is to blame.</summary>
        public int? DocIndex { get; }
    }
}
