using System.Collections.Generic;

namespace Trials
{
    /// <summary>What the command line says.</summary>
    internal sealed class Options
    {
        internal string Model { get; private set; }

        internal string Criteria { get; private set; }

        internal string Notes { get; private set; }

        internal List<string> Terms { get; } = new List<string>();

        internal string Page { get; private set; }

        internal string Expected { get; private set; }

        /// <summary>Null if it cannot be understood.</summary>
        internal static Options Read(string[] args)
        {
            var options = new Options();
            var plain = new List<string>();
            for (var i = 0; i < args.Length; i++)
            {
                if (!args[i].StartsWith("--", System.StringComparison.Ordinal))
                {
                    plain.Add(args[i]);
                    continue;
                }
                if (i + 1 == args.Length) return null;
                switch (args[i])
                {
                    case "--terms": options.Terms.Add(args[++i]); break;
                    case "--page": options.Page = args[++i]; break;
                    case "--expected": options.Expected = args[++i]; break;
                    default: return null;
                }
            }
            if (plain.Count != 3) return null;
            options.Model = plain[0];
            options.Criteria = plain[1];
            options.Notes = plain[2];
            return options;
        }
    }
}
