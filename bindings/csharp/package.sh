#!/bin/sh
# Makes the NuGet package without a .NET SDK: package.sh DIRECTORY NATIVE_LIBRARY
#
# What Biobert.csproj says for those who have one, done by Mono's compiler and a zip. Prints its path.
set -eu
mkdir -p "$1"
directory=$(cd "$1" && pwd)
native=$(readlink -f "$2")
cd "$(dirname "$0")"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' ../../Cargo.toml | head -n 1)
layout=$directory/Biobert.$version
rm -rf "$layout"
mkdir -p "$layout/lib/netstandard2.0" "$layout/runtimes/linux-x64/native" "$layout/build/net461" "$layout/buildTransitive/net461"

# The interface of .NET Framework 4.6.1, the oldest that netstandard2.0 stands for.
mcs -nologo -langversion:7 -sdk:4.6.1-api -warnaserror -warn:4 -unsafe -optimize -target:library \
    -doc:"$layout/lib/netstandard2.0/Biobert.xml" -out:"$layout/lib/netstandard2.0/Biobert.dll" src/*.cs
cp "$native" "$layout/runtimes/linux-x64/native/libbiobert.so"
cp Biobert.targets "$layout/build/net461/"
cp Biobert.targets "$layout/buildTransitive/net461/"
cp README.md ../../LICENSE ../../packaging/THIRD-PARTY.txt "$layout/"

python3 - "$layout" "$directory/Biobert.$version.nupkg" "$version" <<'PYTHON'
import pathlib, sys, zipfile
import xml.etree.ElementTree as xml

layout, package, version = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
project = xml.parse("Biobert.csproj").getroot()
field = lambda name: project.findtext(".//" + name)
if field("Version") != version:
    sys.exit("Biobert.csproj is of version " + field("Version") + ", Cargo.toml of " + version)

(layout / "Biobert.nuspec").write_text(f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>{field("PackageId")}</id>
    <version>{version}</version>
    <authors>{field("Authors")}</authors>
    <license type="expression">{field("PackageLicenseExpression")}</license>
    <readme>{field("PackageReadmeFile")}</readme>
    <description>{field("Description")}</description>
    <tags>{field("PackageTags").replace(";", " ")}</tags>
    <dependencies>
      <group targetFramework=".NETStandard2.0" />
    </dependencies>
  </metadata>
</package>
""")
(layout / "_rels").mkdir()
(layout / "_rels" / ".rels").write_text("""<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/Biobert.nuspec" Id="R1" />
</Relationships>
""")
types = {"rels": "application/vnd.openxmlformats-package.relationships+xml"}
types.update({name: "application/octet" for name in ("nuspec", "dll", "xml", "so", "targets", "md", "txt")})
(layout / "[Content_Types].xml").write_text(
    """<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
"""
    + "".join(f'  <Default Extension="{name}" ContentType="{kind}" />\n' for name, kind in types.items())
    + '  <Override PartName="/LICENSE" ContentType="application/octet" />\n</Types>\n'
)
with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as out:
    for file in sorted(path for path in layout.rglob("*") if path.is_file()):
        out.writestr(zipfile.ZipInfo(str(file.relative_to(layout))), file.read_bytes(), zipfile.ZIP_DEFLATED)
PYTHON
rm -rf "$layout"
echo "$directory/Biobert.$version.nupkg"
