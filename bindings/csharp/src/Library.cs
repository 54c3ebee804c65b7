using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace Biobert
{
    /// <summary>The native library that runs below. All members may be used by any thread.</summary>
    public static unsafe class Library
    {
        /// <summary>What P/Invoke asks for: libbiobert.so on Linux.</summary>
        internal const string Name = "biobert";

        /// <summary>The version of the C interface that these sources were written for.</summary>
        private const uint AbiVersion = 2;

        private static volatile bool isChecked;

        /// <summary>The library's version, such as <c>0.1.0</c>.</summary>
        /// <exception cref="DllNotFoundException">The library cannot be loaded; the message lists where it was looked for.</exception>
        public static string Version
        {
            get
            {
                Check();
                return Terminated(biobert_version_string());
            }
        }

        /// <summary>Version, features, commit and this processor's instruction sets, as JSON.</summary>
        /// <exception cref="DllNotFoundException">The library cannot be loaded; the message lists where it was looked for.</exception>
        public static string BuildInfoJson
        {
            get
            {
                Check();
                return Terminated(biobert_build_info_json());
            }
        }

        /// <summary>Loads the library and compares versions. Every way into the library begins with an
        /// engine, the file of a head or of terms, or a property of this class, and those begin here.</summary>
        internal static void Check()
        {
            if (isChecked) return;
            uint version;
            try
            {
                version = biobert_abi_version();
            }
            catch (DllNotFoundException error)
            {
                throw new DllNotFoundException(NotFound(error.Message), error);
            }
            catch (EntryPointNotFoundException error)
            {
                throw new DllNotFoundException("A library named " + Name + " was loaded, but it is not biobert.", error);
            }
            if (version < AbiVersion)
            {
                throw new DllNotFoundException("The biobert library that was loaded has version " + version +
                    " of the C interface; this assembly needs " + AbiVersion + " or later. Is an older copy found first?");
            }
            isChecked = true;
        }

        /// <summary>The name of a status, such as <c>BIOBERT_E_ARGUMENT</c>.</summary>
        internal static string StatusName(Status status)
        {
            return Terminated(biobert_status_name(status));
        }

        private static string Terminated(byte* text)
        {
            var length = 0;
            while (text[length] != 0) length++;
            return Encoding.UTF8.GetString(text, length);
        }

        private static string NotFound(string reason)
        {
            // An assembly that was bundled or loaded from memory has no place of its own.
            var assembly = typeof(Library).Assembly.Location;
            var directories = new List<string> { AppDomain.CurrentDomain.BaseDirectory };
            if (!string.IsNullOrEmpty(assembly)) directories.Insert(0, Path.GetDirectoryName(assembly));
            // Where .NET looks after reading the program's .deps.json; Mono has none.
            var searched = AppDomain.CurrentDomain.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string;
            if (searched != null) directories.AddRange(searched.Split(Path.PathSeparator));
            var path = Environment.GetEnvironmentVariable("LD_LIBRARY_PATH");
            var text = new StringBuilder("The native library libbiobert.so cannot be loaded. It was looked for in");
            foreach (var directory in directories.Where(d => !string.IsNullOrEmpty(d)).Select(d => d.TrimEnd('/')).Distinct())
            {
                var there = File.Exists(Path.Combine(directory, "libbiobert.so"));
                text.Append("\n  ").Append(directory).Append(there ? " (it is there and does not load: another processor, or an older glibc?)" : "");
            }
            text.Append("\n  LD_LIBRARY_PATH: ").Append(string.IsNullOrEmpty(path) ? "not set" : path);
            text.Append("\n  the system's directories, as ldconfig -p lists them");
            text.Append("\nPut libbiobert.so beside Biobert.dll, or install it for the system and run ldconfig.");
            text.Append("\nThe runtime says: ").Append(reason);
            return text.ToString();
        }

        [DllImport(Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern uint biobert_abi_version();

        [DllImport(Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern byte* biobert_version_string();

        [DllImport(Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern byte* biobert_build_info_json();

        [DllImport(Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern byte* biobert_status_name(Status status);
    }
}
