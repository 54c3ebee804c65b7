namespace Trials
{
    /// <summary>A stretch of a text, half-open, in UTF-16 units.</summary>
    internal struct Place
    {
        internal Place(int start, int end)
        {
            Start = start;
            End = end;
        }

        internal int Start { get; }

        internal int End { get; }

        internal int Length => End - Start;

        internal string In(string text)
        {
            return text.Substring(Start, Length);
        }

        internal bool Overlaps(Place other)
        {
            return Start < other.End && other.Start < End;
        }

        internal bool Holds(int at)
        {
            return Start <= at && at < End;
        }
    }
}
