using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Trials
{
    /// <summary>Words of notes and criteria, written in one way.</summary>
    internal static class Words
    {
        private static readonly Dictionary<string, string> Roman = new Dictionary<string, string>
        {
            { "i", "1" }, { "ii", "2" }, { "iii", "3" }, { "iv", "4" },
        };

        /// <summary>What says something, what says its opposite.</summary>
        private static readonly string[][] Opposites =
        {
            new[] { "uncontrolled", "controlled" }, new[] { "active", "inactive" }, new[] { "acute", "chronic" },
            new[] { "severe", "mild" }, new[] { "unstable", "stable" }, new[] { "untreated", "treated" },
            new[] { "symptomatic", "asymptomatic" }, new[] { "left", "right" }, new[] { "unresectable", "resectable" },
            new[] { "metastatic", "localized" }, new[] { "postmenopausal", "premenopausal" },
        };

        /// <summary>In lower case, without accents and dashes, in the singular, Roman numbers as digits.</summary>
        internal static string[] Fold(string text)
        {
            var plain = new StringBuilder();
            foreach (var sign in text.Normalize(NormalizationForm.FormD))
            {
                if (CharUnicodeInfo.GetUnicodeCategory(sign) != UnicodeCategory.NonSpacingMark) plain.Append(char.ToLowerInvariant(sign));
            }
            var words = Regex.Replace(plain.ToString(), @"\b(?:poorly|not|inadequately)[ -]controlled\b", "uncontrolled");
            words = words.Replace("tumour", "tumor").Replace("haem", "hem").Replace("oedema", "edema").Replace("anaem", "anem");
            return Regex.Matches(words, @"[\p{L}\p{N}]+(?:\.\d+)?").Cast<Match>().Select(word => Singular(word.Value)).Where(word => word != "mellitus").ToArray();
        }

        private static string Singular(string word)
        {
            string digit;
            if (Roman.TryGetValue(word, out digit)) return digit;
            if (word.EndsWith("ases") || word.EndsWith("oses")) return word.Substring(0, word.Length - 2) + "is";
            if (word.Length < 5 || !word.EndsWith("s") || word.EndsWith("ss") || word.EndsWith("us") || word.EndsWith("is")) return word;
            return word.Substring(0, word.Length - 1);
        }

        /// <summary>Words of a text that say the opposite of a word.</summary>
        internal static bool Denies(ICollection<string> text, string word)
        {
            foreach (var pair in Opposites)
            {
                if (pair[0] == word && text.Contains(pair[1]) && !text.Contains(pair[0])) return true;
                if (pair[1] == word && text.Contains(pair[0]) && !text.Contains(pair[1])) return true;
            }
            return false;
        }

        /// <summary>Where a stretch of words stands in another, or -1.</summary>
        internal static int Find(string[] words, string[] part)
        {
            for (var at = 0; at + part.Length <= words.Length; at++)
            {
                if (part.Length > 0 && words.Skip(at).Take(part.Length).SequenceEqual(part)) return at;
            }
            return -1;
        }
    }
}
