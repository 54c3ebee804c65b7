using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using Biobert;
using NUnit.Framework;

/// <summary>Structs, enums and constants of the assembly against those of biobert.h, of which a C compiler
/// wrote header.txt: test.sh makes it.</summary>
[TestFixture]
public class HeaderTests
{
    /// <summary>What stands for a struct of C. One may stand for two of one layout.</summary>
    private static readonly Dictionary<string, string[]> Structs = new Dictionary<string, string[]>
    {
        { "Str", new[] { "biobert_str" } },
        { "Str16", new[] { "biobert_str16" } },
        { "EngineOptions", new[] { "biobert_engine_options" } },
        { "ModelOptions", new[] { "biobert_model_options" } },
        { "RunOptions", new[] { "biobert_run_options" } },
        { "ReOptions", new[] { "biobert_re_options" } },
        { "QaOptions", new[] { "biobert_qa_options" } },
        { "EmbedOptions", new[] { "biobert_embed_options" } },
        { "FillOptions", new[] { "biobert_fill_options" } },
        { "ExtractOptions", new[] { "biobert_extract_options" } },
        { "TrainerOptions", new[] { "biobert_trainer_options" } },
        { "Span", new[] { "biobert_span" } },
        { "Relation", new[] { "biobert_relation" } },
        { "Answer", new[] { "biobert_answer" } },
        { "ClassScore", new[] { "biobert_class" } },
        { "TextRange", new[] { "biobert_range", "biobert_range_in" } },
        { "GivenEntity", new[] { "biobert_entity_in" } },
        { "Question", new[] { "biobert_qa_in16" } },
        { "Mark", new[] { "biobert_mark_in" } },
        { "Section", new[] { "biobert_section" } },
        { "Entity", new[] { "biobert_entity" } },
        { "Mask", new[] { "biobert_mask" } },
        { "Candidate", new[] { "biobert_candidate" } },
        { "Also", new[] { "biobert_also" } },
        { "AttributeValue", new[] { "biobert_attribute" } },
        { "Link", new[] { "biobert_link" } },
        { "Code", new[] { "biobert_code" } },
        { "CodeRelation", new[] { "biobert_code_relation" } },
        { "Progress", new[] { "biobert_progress" } },
    };

    /// <summary>The assembly asks in UTF-16 only.</summary>
    private static readonly string[] UnusedStructs = { "biobert_qa_in" };

    /// <summary>How the names of an enum begin in C.</summary>
    private static readonly Dictionary<string, string> Enums = new Dictionary<string, string>
    {
        { "Status", "E_" },
        { "OffsetUnit", "" },
        { "InvalidText", "INVALID_" },
        { "Markup", "MARKUP_" },
        { "Device", "DEVICE_" },
        { "RanOn", "DEVICE_" },
        { "Integrity", "INTEGRITY_" },
        { "Loading", "LOADING_" },
        { "Precision", "PRECISION_" },
        { "Casing", "CASING_" },
        { "Pooling", "POOLING_" },
        { "DocFlags", "DOC_" },
        { "HeadTask", "TASK_" },
        { "Split", "SPLIT_" },
        { "Preset", "PRESET_" },
        { "HeadKind", "HEAD_" },
        { "Phase", "PHASE_" },
        { "Judges", "JUDGES_" },
        { "AssertionValue", "ASSERTION_" },
        { "Category", "CATEGORY_" },
        { "AttributeKind", "ATTRIBUTE_" },
        { "Reason", "REASON_" },
        { "Abstention", "ABSTENTION_" },
    };

    /// <summary>The version is checked below; what is none in C is null.</summary>
    private static readonly string[] UnusedConstants = { "ABI_VERSION", "ASSERTION_NONE", "CATEGORY_NONE", "REASON_NONE", "ABSTENTION_NONE" };

    /// <summary>Fields that are called otherwise here.</summary>
    private static readonly Dictionary<string, string> Renamed = new Dictionary<string, string>
    {
        { "Str.ptr", "Pointer" },
        { "Str.len", "Length" },
        { "Str16.ptr", "Pointer" },
        { "Str16.len", "Length" },
        { "Question.question", "Text" },
        { "Question.passages", "Passages.Pointer" },
        { "Question.n_passages", "Passages.Count" },
    };

    private static readonly Assembly Own = typeof(Engine).Assembly;

    private static readonly List<string[]> Lines = File
        .ReadLines(Path.Combine(Path.GetDirectoryName(typeof(HeaderTests).Assembly.Location), "header.txt"))
        .Select(line => line.Split(' ')).ToList();

    private static Dictionary<string, long> Constants()
    {
        return Lines.Where(line => line[0] == "constant").ToDictionary(line => line[1].Substring("BIOBERT_".Length), line => long.Parse(line[2]));
    }

    [Test]
    public void Every_struct_has_the_layout_of_the_header()
    {
        foreach (var pair in Structs)
        {
            var type = Own.GetType("Biobert." + pair.Key + "+Native") ?? Own.GetType("Biobert." + pair.Key, true);
            Assert.IsTrue(type.IsValueType && type.IsLayoutSequential, pair.Key);
            var fields = Fields(type, "", 0).ToList();
            foreach (var name in pair.Value)
            {
                var size = Lines.Single(line => line[0] == "struct" && line[1] == name)[2];
                Assert.AreEqual(size, Marshal.SizeOf(type).ToString(), name);
                var wanted = Lines.Where(line => line[0] == "field" && line[1] == name)
                    .Select(line => string.Join(" ", FieldName(pair.Key, line[2]), line[3], line[4]));
                CollectionAssert.AreEqual(wanted, fields, name);
            }
        }
    }

    [Test]
    public void No_struct_is_left_out()
    {
        var all = Lines.Where(line => line[0] == "struct").Select(line => line[1]);
        CollectionAssert.AreEquivalent(all, Structs.Values.SelectMany(names => names).Concat(UnusedStructs));
        var own = Own.GetTypes().Where(type => type.IsValueType && type.Name == "Native").Select(type => type.DeclaringType.Name);
        CollectionAssert.AreEquivalent(Structs.Keys.Where(name => name != "Str" && name != "Str16"), own);
    }

    [Test]
    public void Every_constant_has_the_number_of_the_header()
    {
        var constants = Constants();
        var left = Constants();
        foreach (var pair in Enums)
        {
            var type = Own.GetType("Biobert." + pair.Key, true);
            Assert.AreEqual(4, Marshal.SizeOf(Enum.GetUnderlyingType(type)), pair.Key);
            foreach (var value in Enum.GetValues(type))
            {
                var number = Convert.ToInt64(value);
                var name = value.Equals(Status.Ok) ? "OK" : pair.Value + Upper(value.ToString());
                // 0 is a default, for which C has no name.
                if (number == 0 && !constants.ContainsKey(name)) continue;
                Assert.IsTrue(constants.ContainsKey(name), "the header has no BIOBERT_" + name);
                Assert.AreEqual(constants[name], number, name);
                left.Remove(name);
            }
        }
        CollectionAssert.AreEquivalent(UnusedConstants, left.Keys, "constants that the assembly does not have");
        var version = typeof(Library).GetField("AbiVersion", BindingFlags.NonPublic | BindingFlags.Static).GetRawConstantValue();
        Assert.AreEqual(constants["ABI_VERSION"], Convert.ToInt64(version));
    }

    [Test]
    public void No_enum_is_left_out()
    {
        var own = Own.GetTypes().Where(type => type.IsEnum).Select(type => type.Name);
        CollectionAssert.AreEquivalent(Enums.Keys, own);
    }

    /// <summary>Name, offset and size of each field, in order; of an array of a call, of its two parts.</summary>
    private static IEnumerable<string> Fields(Type type, string before, long at)
    {
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            var offset = at + (long)Marshal.OffsetOf(type, field.Name);
            if (field.FieldType.Name == "Array")
            {
                foreach (var part in Fields(field.FieldType, field.Name + ".", offset)) yield return part;
                continue;
            }
            var plain = field.FieldType.IsEnum ? Enum.GetUnderlyingType(field.FieldType) : field.FieldType;
            var size = plain.IsPointer ? IntPtr.Size : Marshal.SizeOf(plain);
            yield return string.Join(" ", before + field.Name, offset, size);
        }
    }

    private static string FieldName(string type, string field)
    {
        string renamed;
        if (Renamed.TryGetValue(type + "." + field, out renamed)) return renamed;
        return string.Concat(field.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
    }

    /// <summary>LstmCrf is LSTM_CRF in C.</summary>
    private static string Upper(string name)
    {
        var letters = name.Select((c, i) => (i > 0 && char.IsUpper(c) ? "_" : "") + char.ToUpperInvariant(c));
        return string.Concat(letters);
    }
}
