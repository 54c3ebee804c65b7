using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Json;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Biobert;

/// <summary>The conformance file through C#: tests/conformance/README.md describes both files. Exits with 1
/// at the first difference.</summary>
internal static class Conformance
{
    private static readonly Tuple<string, OffsetUnit>[] AllUnits =
    {
        Tuple.Create("utf8", OffsetUnit.Utf8Bytes),
        Tuple.Create("scalars", OffsetUnit.UnicodeScalars),
        Tuple.Create("utf16", OffsetUnit.Utf16Units),
    };

    private static readonly string[] Fields =
    {
        "name", "task", "unit", "heads", "replace", "markup", "repeat", "docs", "seconds", "entities", "unrelated", "questions",
        "top", "max_tokens", "pool", "threshold", "pooling", "layer", "normalize", "tokens", "judges",
    };

    private static int Main()
    {
        var cases = JsonValue.Parse(Text("tests/conformance/cases.json"))["cases"].Items();
        var found = new StringBuilder();
        using (var engine = new Engine())
        using (var model = engine.Open(Repository.Default))
        {
            foreach (var one in cases)
            {
                CheckNames(one, Fields);
                var name = (string)one.Field("name");
                var wanted = (string)one.Field("unit");
                if (wanted != null && AllUnits.All(unit => unit.Item1 != wanted)) throw new InvalidDataException("unit " + wanted);
                foreach (var unit in AllUnits.Where(unit => wanted == null || unit.Item1 == wanted))
                {
                    Line(found, "case", name, unit.Item1);
                    Run(engine, model, one, unit.Item2, found);
                }
            }
        }
        return Compare(found.ToString(), Text("tests/conformance/expected.txt"), cases.Count);
    }

    private static int Compare(string found, string expected, int cases)
    {
        var lines = found.Split('\n');
        if (found == expected)
        {
            Console.WriteLine("conformance: {0} cases, {1} lines, all as expected", cases, lines.Length - 1);
            return 0;
        }
        var wanted = expected.Split('\n');
        var line = 0;
        while (line < lines.Length && line < wanted.Length && lines[line] == wanted[line]) line++;
        Console.WriteLine("line {0}\n  found    {1}\n  expected {2}", line + 1, lines.ElementAtOrDefault(line), wanted.ElementAtOrDefault(line));
        return 1;
    }

    private static string Text(string path)
    {
        return File.ReadAllText(Repository.At(path), new UTF8Encoding(false, true));
    }

    /// <summary>A field, or null.</summary>
    private static JsonValue Field(this JsonValue item, string name)
    {
        return item.ContainsKey(name) ? item[name] : null;
    }

    private static List<JsonValue> Items(this JsonValue list)
    {
        return ((JsonArray)list).ToList();
    }

    /// <summary>A field that nobody knows is a mistake of the file or of this program.</summary>
    private static void CheckNames(JsonValue item, params string[] known)
    {
        foreach (var name in ((JsonObject)item).Keys.Except(known)) throw new InvalidDataException("field " + name);
    }

    private static void Run(Engine engine, Model model, JsonValue one, OffsetUnit unit, StringBuilder found)
    {
        IReadOnlyList<DocumentResult> results;
        try
        {
            results = Results(engine, model, one, unit);
        }
        catch (BiobertException error)
        {
            Line(found, "failed", (int)error.Status, error.Message);
            return;
        }
        for (var i = 0; i < results.Count; i++) Document(found, i, results[i], (string)one.Field("task"));
    }

    private static IReadOnlyList<DocumentResult> Results(Engine engine, Model model, JsonValue one, OffsetUnit unit)
    {
        var docs = Texts(one.Field("docs"), Repeat(one));
        switch ((string)one.Field("task"))
        {
            case "ner":
                return model.Ner(docs, Common(new RunOptions(), one, unit));
            case "re":
                return model.Re(docs, Common(new ReOptions { Unrelated = Flag(one, "unrelated"), Entities = Entities(one.Field("entities")) }, one, unit));
            case "qa":
                var answers = new QaOptions
                {
                    Top = Number(one, "top") ?? 0,
                    MaxTokens = Number(one, "max_tokens") ?? 0,
                    Pool = Flag(one, "pool"),
                    Threshold = one.Field("threshold") == null ? 0 : (float)one.Field("threshold"),
                };
                return model.Qa(Questions(one), Common(answers, one, unit));
            case "classify":
                var classify = Common(new RunOptions(), one, unit);
                return one.Field("seconds") == null ? model.Classify(docs, classify) : model.ClassifyPairs(docs, Texts(one.Field("seconds"), 1), classify);
            case "embed":
                var embed = new EmbedOptions { Pooling = PoolingOf(one), Layer = Number(one, "layer"), Normalize = Flag(one, "normalize"), Tokens = Flag(one, "tokens") };
                return model.Embed(docs, Common(embed, one, unit));
            case "sentences":
                return engine.Sentences(docs, Common(new RunOptions(), one, unit));
            case "sections":
                return engine.Sections(docs, Common(new RunOptions(), one, unit));
            case "extract":
                return model.Extract(docs, Common(new ExtractOptions { Judges = JudgesOf(one) }, one, unit));
            default:
                throw new InvalidDataException("task " + (string)one.Field("task"));
        }
    }

    private static T Common<T>(T options, JsonValue one, OffsetUnit unit)
        where T : RunOptions
    {
        options.Unit = unit;
        if (Flag(one, "replace")) options.InvalidText = InvalidText.Replace;
        if (one.Field("markup") != null) options.Markup = (Markup)Enum.Parse(typeof(Markup), (string)one.Field("markup"), true);
        if (one.Field("heads") != null) options.Heads = one.Field("heads").Items().Select(head => (string)head).ToList();
        return options;
    }

    private static Pooling PoolingOf(JsonValue one)
    {
        switch ((string)one.Field("pooling"))
        {
            case null:
            case "mean": return Pooling.Mean;
            case "cls": return Pooling.Cls;
            case "model": return Pooling.Model;
            default: throw new InvalidDataException("pooling " + (string)one.Field("pooling"));
        }
    }

    private static Judges JudgesOf(JsonValue one)
    {
        switch ((string)one.Field("judges"))
        {
            case null: return new ExtractOptions().Judges;
            case "all": return Judges.All;
            case "head": return Judges.Head;
            case "rules": return Judges.Rules;
            case "none": return Judges.None;
            default: throw new InvalidDataException("judges " + (string)one.Field("judges"));
        }
    }

    private static List<GivenEntity> Entities(JsonValue entities)
    {
        if (entities == null) return null;
        return entities.Items().Select(entity =>
        {
            CheckNames(entity, "doc", "start", "end", "kind");
            return new GivenEntity((int)entity.Field("doc"), (int)entity.Field("start"), (int)entity.Field("end"), (string)entity.Field("kind"));
        }).ToList();
    }

    private static List<Question> Questions(JsonValue one)
    {
        return one.Field("questions").Items().Select(question =>
        {
            CheckNames(question, "question", "passages");
            return new Question(Units(question.Field("question"), 1), Texts(question.Field("passages"), Repeat(one)));
        }).ToList();
    }

    private static bool Flag(JsonValue one, string name)
    {
        return one.Field(name) != null && one.Field(name);
    }

    private static int? Number(JsonValue one, string name)
    {
        var number = one.Field(name);
        return number == null ? (int?)null : (int)number;
    }

    private static int Repeat(JsonValue one)
    {
        return Number(one, "repeat") ?? 1;
    }

    private static List<string> Texts(JsonValue texts, int repeat)
    {
        return texts == null ? new List<string>() : texts.Items().Select(text => Units(text, repeat)).ToList();
    }

    /// <summary>In a text, {XXXX} is that UTF-16 unit.</summary>
    private static string Units(string text, int repeat)
    {
        text = Regex.Replace(text, @"\{([0-9A-Fa-f]{4})\}", unit => ((char)Convert.ToInt32(unit.Groups[1].Value, 16)).ToString());
        return string.Concat(Enumerable.Repeat(text, repeat));
    }

    private static void Document(StringBuilder found, int index, DocumentResult document, string task)
    {
        var flags = (document.Windowed ? 1 : 0) + (document.Truncated ? 2 : 0) + (document.ReplacedInvalid ? 4 : 0);
        Line(found, "doc", index, (int)document.Status, flags, document.Message);
        if (document.Status != Status.Ok) return;
        var entities = document.Spans.ToList();
        foreach (var e in entities) Line(found, "entity", e.Start, e.End, e.Label, e.Head, Bits(e.Score));
        foreach (var r in document.Relations)
        {
            if (r.First != entities[r.FirstIndex] || r.Second != entities[r.SecondIndex]) throw new InvalidDataException("an index of a relation");
            Line(found, "relation", r.FirstIndex, r.SecondIndex, r.Label, r.Text, r.Head, Bits(r.Score), (int)(r.Assertion ?? 0));
        }
        foreach (var a in document.Answers) Line(found, "answer", a.Passage, a.Start, a.End, a.Head, Bits(a.Score), Bits(a.Probability));
        if (task == "qa") Line(found, "no_answer", Bits(document.NoAnswer ?? float.NaN));
        foreach (var c in document.Classes) Line(found, "class", c.Label, c.Text, c.Head, Bits(c.Score), c.Holds ? 1 : 0);
        foreach (var s in document.Sentences) Line(found, "sentence", s.Start, s.End);
        for (var i = 0; i < document.Tokens.Count; i++) Line(found, "token", document.Tokens[i].Start, document.Tokens[i].End, Bits(document.States[i][0]));
        if (task == "embed") Line(found, "embedding", string.Join(" ", document.Embedding.Select(Bits)));
        var sections = document.Sections.ToList();
        foreach (var s in sections) Line(found, "section", s.Start, s.End, s.Title.Start, s.Title.End, Index(sections, s.Parent), s.Name, s.Loinc);
        foreach (var e in document.Entities) Finding(found, sections, e);
    }

    private static void Finding(StringBuilder found, List<Section> sections, Entity e)
    {
        Line(found, "finding", e.Start, e.End, e.Label, e.Head, Bits(e.Score), Index(sections, e.Section), e.Expansion);
        var says = e.Assertion;
        if (says != null)
        {
            Line(found, "assertion", (int)says.Value, (int)(says.Category ?? 0), Bits(says.Score), says.Cue?.Start.ToString() ?? "-", says.Cue?.End.ToString() ?? "-");
        }
        foreach (var a in e.Also) Line(found, "also", a.Label, a.Head, Bits(a.Score));
        foreach (var a in e.Attributes)
        {
            Line(found, "attribute", (int)a.Kind, a.Start, a.End, Bits(a.Low), Bits(a.High), a.Comparator, a.Unit, a.Step, a.Parsed ? 1 : 0);
        }
    }

    /// <summary>Where a section stands.</summary>
    private static string Index(List<Section> sections, Section section)
    {
        return section == null ? "-" : sections.IndexOf(section).ToString(CultureInfo.InvariantCulture);
    }

    private static string Bits(double? number)
    {
        return number == null ? "-" : BitConverter.DoubleToInt64Bits(number.Value).ToString("x16", CultureInfo.InvariantCulture);
    }

    private static string Bits(float number)
    {
        return float.IsNaN(number) ? "7fc00000" : BitConverter.ToUInt32(BitConverter.GetBytes(number), 0).ToString("x8", CultureInfo.InvariantCulture);
    }

    private static void Line(StringBuilder found, params object[] fields)
    {
        found.Append(string.Join("\t", fields.Select(field => Convert.ToString(field, CultureInfo.InvariantCulture)))).Append('\n');
    }
}
