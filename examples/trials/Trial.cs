using System.Collections.Generic;
using System.Linq;

namespace Trials
{
    /// <summary>The criteria of a trial, read.</summary>
    internal sealed class Trial
    {
        private readonly List<KeyValuePair<Criterion, List<Judge>>> criteria;

        internal Trial(string name, string text, Reader reader)
        {
            Name = name;
            criteria = Criteria.Split(Name, text)
                .Select(criterion => new KeyValuePair<Criterion, List<Judge>>(criterion, criterion.Parts.Select(part => new Judge(reader.Criterion(part))).ToList())).ToList();
        }

        internal string Name { get; }

        internal List<Row> Hold(Reading note)
        {
            return criteria.Select(criterion => new Row(criterion.Key, Hold(criterion.Key, criterion.Value, note))).ToList();
        }

        private static Outcome Hold(Criterion criterion, IEnumerable<Judge> judges, Reading note)
        {
            var parts = judges.Select(judge => judge.Hold(note)).ToList();
            switch (criterion.Join)
            {
                case Join.Any: return Outcome.Any(parts);
                case Join.Some: return new Outcome(Verdict.Unknown, "how many of them is not counted", parts.SelectMany(part => part.Evidence).ToArray());
                default: return Outcome.All(parts);
            }
        }
    }
}
